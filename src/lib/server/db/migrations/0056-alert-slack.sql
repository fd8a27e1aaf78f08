-- Rules of alerts that were switched off, or set to find less: since when, and what held before. A rule that is taken up again looks at that
-- time once more (`is_due`); the row goes once it finds as much as before.
CREATE TABLE alert_slack (
	agency_id uuid NOT NULL REFERENCES agency ON DELETE CASCADE,
	-- domain/alert-words.ts
	rule text NOT NULL,
	since timestamptz NOT NULL,
	was jsonb NOT NULL,
	is_due boolean NOT NULL DEFAULT false,
	PRIMARY KEY (agency_id, rule)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_slack TO switchback_app;

-- Found by such a look.
ALTER TABLE alert ADD COLUMN is_late boolean NOT NULL DEFAULT false;
