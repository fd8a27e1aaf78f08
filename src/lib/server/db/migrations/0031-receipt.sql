-- What the staff member wrote about an impersonation once it was over.

CREATE TABLE receipt (
	impersonation_id uuid PRIMARY KEY REFERENCES impersonation,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	note text NOT NULL,
	-- The client reads it beside the visit; else colleagues alone.
	for_client boolean NOT NULL,
	written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	edited_at timestamptz
);
CREATE INDEX receipt_by_client ON receipt (client_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON receipt TO switchback_app;
-- Whom a staff member left last, for the line that leads from Client Details to the receipt.
CREATE INDEX impersonation_left ON impersonation (staff_id, ended_at DESC) WHERE ended_at IS NOT NULL;
