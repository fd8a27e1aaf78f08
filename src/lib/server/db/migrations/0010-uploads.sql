-- Tasks and files: uploads under way, which a lost connection does not lose; deleting that can be undone; lists.

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
	expires_at timestamptz NOT NULL,
	-- What became of it. The row stays until it expires, so that a browser that missed the last answer does not send it again.
	file_id uuid REFERENCES file
);
CREATE INDEX upload_by_client ON upload (client_id);
CREATE INDEX upload_expiring ON upload (expires_at);

-- Deleted files are gone for good only later, so that an undo finds their bytes. What was deleted along with a folder
-- names it and comes back with it.
ALTER TABLE file ADD COLUMN purged_at timestamptz, ADD COLUMN deleted_with uuid REFERENCES folder ON DELETE SET NULL;
CREATE INDEX file_to_purge ON file (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
CREATE INDEX file_deleted ON file (client_id, deleted_at DESC) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
CREATE INDEX file_deleted_with ON file (deleted_with) WHERE deleted_with IS NOT NULL;
-- The quota is a sum over one client's files.
CREATE INDEX file_quota ON file (client_id) INCLUDE (bytes) WHERE deleted_at IS NULL;

ALTER TABLE folder ADD COLUMN deleted_at timestamptz, ADD COLUMN deleted_with uuid REFERENCES folder ON DELETE SET NULL;
CREATE INDEX folder_deleted ON folder (client_id, deleted_at DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX folder_deleted_with ON folder (deleted_with) WHERE deleted_with IS NOT NULL;
CREATE INDEX folder_by_parent ON folder (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX file_by_folder_any ON file (folder_id) WHERE folder_id IS NOT NULL;
-- A deleted folder gives its name free.
DROP INDEX folder_name;
CREATE UNIQUE INDEX folder_name ON folder (client_id, COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name))
	WHERE deleted_at IS NULL;

-- The agency's own lists of tasks, over all clients.
CREATE INDEX task_by_agency_due ON task (agency_id, status, due_on, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_agency_status ON task (agency_id, status, created_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_agency ON task (agency_id, created_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_assignee ON task (assignee_staff_id, status, due_on, id)
	WHERE assignee_staff_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX task_words ON task USING gin (to_tsvector('simple', title)) WHERE deleted_at IS NULL;

-- What happened to one record, out of the whole log.
CREATE INDEX action_by_subject ON action (subject_id, seq DESC) WHERE subject_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON upload TO switchback_app;
