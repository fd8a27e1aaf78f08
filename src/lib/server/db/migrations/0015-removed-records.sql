-- What one press removed, as it was, until nobody would take that back any more. Kept beside the tables, not in them: no
-- list, sum or search has to know.
CREATE TABLE removed_record (
	-- The record's own.
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	kind text NOT NULL CHECK (kind IN ('invoice', 'payment')),
	record jsonb NOT NULL,
	-- An invoice's lines.
	parts jsonb NOT NULL DEFAULT '[]',
	removed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX removed_record_by_age ON removed_record (removed_at);

-- What the sign-in library leaves behind is let go by the clock.
CREATE INDEX staff_verification_by_end ON staff_verification (expires_at);
CREATE INDEX contact_verification_by_end ON contact_verification (expires_at);
CREATE INDEX staff_rate_limit_by_age ON staff_rate_limit (last_request);
CREATE INDEX contact_rate_limit_by_age ON contact_rate_limit (last_request);

GRANT SELECT, INSERT, UPDATE, DELETE ON removed_record TO switchback_app;
