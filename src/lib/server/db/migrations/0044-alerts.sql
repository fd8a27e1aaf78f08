-- What overseers are alerted to: which rule, about whom, when, and what became of it.
ALTER TABLE agency ADD COLUMN alert_rules jsonb NOT NULL DEFAULT '{}';

CREATE TABLE alert (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	-- domain/alert-words.ts
	rule text NOT NULL,
	-- Whom it is about.
	staff_id uuid NOT NULL REFERENCES staff,
	client_id uuid REFERENCES client,
	impersonation_id uuid REFERENCES impersonation,
	-- The moment it leads to.
	at timestamptz NOT NULL,
	count integer NOT NULL,
	-- What it is raised once for: an impersonation, or an hour.
	span text NOT NULL,
	-- Its row in the action log is written, and with it people are told; null for as long as neither is.
	raised_at timestamptz,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'seen', 'handled')),
	settled_by uuid REFERENCES staff,
	settled_at timestamptz,
	note text NOT NULL DEFAULT '',
	CHECK ((state = 'open') = (settled_at IS NULL) AND (state = 'open') = (settled_by IS NULL)),
	-- Nobody settles what is about themselves, whoever writes the row.
	CHECK (settled_by <> staff_id),
	UNIQUE (staff_id, rule, span)
);
CREATE INDEX alert_by_agency ON alert (agency_id, at DESC, id DESC);
CREATE INDEX alert_by_state ON alert (agency_id, state, at DESC, id DESC);
CREATE INDEX alert_by_rule ON alert (agency_id, rule, at DESC, id DESC);
CREATE INDEX alert_by_staff ON alert (staff_id, at DESC, id DESC);
CREATE INDEX alert_of_stay ON alert (impersonation_id) WHERE impersonation_id IS NOT NULL;
CREATE INDEX alert_to_raise ON alert (at) WHERE raised_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON alert TO switchback_app;

-- How far each agency's log was gone through: nothing is read twice, and nothing of what was before there were alerts.
CREATE TABLE alert_cursor (
	agency_id uuid PRIMARY KEY REFERENCES agency ON DELETE CASCADE,
	seq bigint NOT NULL
);
INSERT INTO alert_cursor (agency_id, seq) SELECT agency_id, seq FROM chain_head;
GRANT SELECT, INSERT, UPDATE ON alert_cursor TO switchback_app;

-- What one person did in five minutes: an hour is a sum of twelve, however much they did.
CREATE TABLE alert_tally (
	staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
	rule text NOT NULL,
	bucket bigint NOT NULL,
	count integer NOT NULL,
	PRIMARY KEY (staff_id, rule, bucket)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_tally TO switchback_app;
