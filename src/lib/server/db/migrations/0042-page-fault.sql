-- What went wrong in recorded pages, for lists and timelines. Told from events of the recording: the hub notes them as they come, and
-- what it could not note the index over sealed blocks brings after it.
CREATE TABLE page_fault (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	page_id uuid NOT NULL REFERENCES page,
	-- Which event of which batch told it: told twice is once.
	seq integer NOT NULL,
	event integer NOT NULL,
	-- Hub time.
	at timestamptz NOT NULL,
	kind text NOT NULL CHECK (kind IN ('error', 'rejection', 'console', 'request')),
	words text NOT NULL,
	place text NOT NULL,
	method text NOT NULL,
	status integer NOT NULL,
	times integer NOT NULL,
	UNIQUE (page_id, seq, event)
);
CREATE INDEX page_fault_by_impersonation ON page_fault (impersonation_id, at);
GRANT SELECT, INSERT, DELETE ON page_fault TO switchback_app;
