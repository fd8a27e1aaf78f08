-- What a client's portal holds. `made_by_*` keep both names: whose account it stands under and who really did it.

CREATE TABLE task (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	title text NOT NULL,
	description text NOT NULL DEFAULT '',
	status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done')),
	waiting_on text NOT NULL DEFAULT 'agency' CHECK (waiting_on IN ('client', 'agency')),
	due_on date,
	client_visible boolean NOT NULL DEFAULT true,
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	completed_at timestamptz
);
CREATE INDEX task_by_client ON task (client_id, status, created_at DESC, id);

CREATE TABLE task_comment (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE,
	body text NOT NULL,
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_comment_by_task ON task_comment (task_id, created_at);

CREATE TABLE folder (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	parent_id uuid REFERENCES folder,
	name text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX folder_name ON folder (client_id, COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name));

CREATE TABLE file (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	folder_id uuid REFERENCES folder,
	-- Set for an attachment of a task; such a file is listed there and not among the folders.
	task_id uuid REFERENCES task ON DELETE CASCADE,
	name text NOT NULL,
	media_type text NOT NULL,
	bytes bigint NOT NULL,
	sha256 text NOT NULL,
	blob_key text NOT NULL UNIQUE,
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz
);
CREATE INDEX file_by_folder ON file (client_id, folder_id, lower(name), id) WHERE deleted_at IS NULL AND task_id IS NULL;
CREATE INDEX file_by_task ON file (task_id) WHERE deleted_at IS NULL;

CREATE TABLE invoice (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	number text NOT NULL,
	status text NOT NULL CHECK (status IN ('open', 'paid', 'void')),
	issued_on date NOT NULL,
	due_on date NOT NULL,
	paid_on date,
	currency text NOT NULL,
	-- Tax in hundredths of a percent; money in minor units.
	tax_rate_bp integer NOT NULL DEFAULT 0,
	subtotal_minor bigint NOT NULL,
	tax_minor bigint NOT NULL,
	total_minor bigint NOT NULL,
	note text NOT NULL DEFAULT '',
	UNIQUE (agency_id, number)
);
CREATE INDEX invoice_by_client ON invoice (client_id, issued_on DESC, id);

CREATE TABLE invoice_line (
	id uuid PRIMARY KEY,
	invoice_id uuid NOT NULL REFERENCES invoice ON DELETE CASCADE,
	position integer NOT NULL,
	description text NOT NULL,
	quantity integer NOT NULL,
	unit_minor bigint NOT NULL,
	amount_minor bigint NOT NULL,
	UNIQUE (invoice_id, position)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON task, task_comment, folder, file, invoice, invoice_line TO switchback_app;
