-- When something masked stood on the screen of recorded pages, for timelines. Made from sealed blocks by the job that reads their words,
-- never the truth: a page's rows can be made anew with its index (0025).
CREATE TABLE masked_stretch (
	page_id uuid NOT NULL REFERENCES page,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	-- Who unmasks a recording reads what is personal; what is withheld was never recorded.
	kind text NOT NULL CHECK (kind IN ('personal', 'withheld')),
	-- Hub times. Of one kind on one page they follow each other, and are a few hundred at most (recordings/seen-limits.ts).
	from_at timestamptz NOT NULL,
	to_at timestamptz NOT NULL CHECK (to_at >= from_at),
	-- It stands still, as far as the index reaches.
	is_on boolean NOT NULL,
	PRIMARY KEY (page_id, kind, from_at)
);
CREATE INDEX masked_stretch_by_impersonation ON masked_stretch (impersonation_id, from_at);
-- UPDATE: the latest one goes on, and ends.
GRANT SELECT, INSERT, UPDATE, DELETE ON masked_stretch TO switchback_app;

-- Of pages that are there already nothing is known; of later ones all is, from their first block on.
ALTER TABLE page ADD COLUMN masks_known boolean NOT NULL DEFAULT false;
ALTER TABLE page ALTER COLUMN masks_known SET DEFAULT true;
