-- What could be read on recorded pages, for the search over what was seen. Made from sealed blocks by a job, never the truth:
-- all of it can be made anew by setting page.indexed_seq to -1 (and removing the page's rows).

CREATE TABLE seen_text (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	page_id uuid NOT NULL REFERENCES page,
	-- Hub time from which on all its lines stood on the screen; they came together, and were not there before.
	from_at timestamptz NOT NULL,
	-- The page's title then.
	title text NOT NULL,
	-- One below the other.
	lines text NOT NULL,
	-- For each line after how many ms it was gone; null while it is not, as far as the index reaches.
	gone jsonb NOT NULL,
	-- Any line is not gone.
	is_on boolean NOT NULL,
	-- Words of lines and title (recordings/words.ts), and whose it is: 'a:agency', 'c:client', 's:staff', so that a frequent
	-- word of one client is not looked up among those of all.
	words tsvector NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX seen_text_words ON seen_text USING gin (words);
CREATE INDEX seen_text_by_time ON seen_text (agency_id, from_at DESC, id DESC);
CREATE INDEX seen_text_by_impersonation ON seen_text (impersonation_id, from_at);
CREATE INDEX seen_text_on ON seen_text (page_id) WHERE is_on;
-- UPDATE: lines go.
GRANT SELECT, INSERT, UPDATE, DELETE ON seen_text TO switchback_app;

-- Highest number of a batch that is in the index; how often making it failed since it last went on; letters and rows there are.
ALTER TABLE page ADD COLUMN indexed_seq integer NOT NULL DEFAULT -1,
	ADD COLUMN index_failures integer NOT NULL DEFAULT 0,
	ADD COLUMN indexed_chars integer NOT NULL DEFAULT 0,
	ADD COLUMN indexed_rows integer NOT NULL DEFAULT 0;
CREATE INDEX page_to_index ON page (opened_at) WHERE indexed_seq < sealed_seq AND erased_at IS NULL;
