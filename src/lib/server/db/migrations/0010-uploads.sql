-- Uploads under way, which a lost connection does not lose; and the quota of a client.

CREATE TABLE upload (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	contact_id uuid NOT NULL REFERENCES contact,
	-- Set while impersonating: another impersonation, or the client, never goes on with it.
	impersonation_id uuid,
	folder_id uuid REFERENCES folder,
	name text NOT NULL,
	bytes bigint NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL
);
CREATE INDEX upload_by_client ON upload (client_id);
CREATE INDEX upload_expiring ON upload (expires_at);

-- Deleted files are gone for good only later, so that an undo finds their bytes.
ALTER TABLE file ADD COLUMN purged_at timestamptz;
CREATE INDEX file_to_purge ON file (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
ALTER TABLE folder ADD COLUMN deleted_at timestamptz;

GRANT SELECT, INSERT, UPDATE, DELETE ON upload TO switchback_app;
