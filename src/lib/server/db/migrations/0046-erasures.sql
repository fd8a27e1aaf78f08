-- Many recordings erased by one person at once: what was asked for, and what became of each.
CREATE TABLE erasure (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	asked_by uuid NOT NULL REFERENCES staff,
	-- The gate is asked for each recording, so it goes on only while whoever asked is signed in and may.
	session_id text NOT NULL,
	reason text NOT NULL,
	asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	stopped_at timestamptz,
	ended_at timestamptz
);
CREATE INDEX erasure_by_agency ON erasure (agency_id, asked_at DESC);

CREATE TABLE erasure_item (
	erasure_id uuid NOT NULL REFERENCES erasure,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	-- Null while it waits.
	outcome text CHECK (outcome IN ('erased', 'kept')),
	-- Why it was kept.
	note text,
	PRIMARY KEY (erasure_id, impersonation_id)
);
CREATE INDEX erasure_item_waits ON erasure_item (erasure_id) WHERE outcome IS NULL;
GRANT SELECT, INSERT, UPDATE ON erasure, erasure_item TO switchback_app;
