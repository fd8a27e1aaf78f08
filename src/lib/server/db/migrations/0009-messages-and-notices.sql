-- Conversations with the agency, what people are told, and the mails that carry it.

CREATE TABLE thread (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	order_id uuid REFERENCES client_order,
	subject text NOT NULL,
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	last_message_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX thread_by_client ON thread (client_id, last_message_at DESC, id);
CREATE INDEX thread_by_agency ON thread (agency_id, last_message_at DESC, id);
CREATE UNIQUE INDEX thread_of_order ON thread (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE message (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	thread_id uuid NOT NULL REFERENCES thread ON DELETE CASCADE,
	body text NOT NULL,
	-- No contact: the agency wrote it.
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX message_by_thread ON message (thread_id, created_at, id);

-- How far each person has read. Impersonating never moves it.
CREATE TABLE thread_read (
	thread_id uuid NOT NULL REFERENCES thread ON DELETE CASCADE,
	person_id uuid NOT NULL,
	read_at timestamptz NOT NULL,
	PRIMARY KEY (thread_id, person_id)
);

CREATE TABLE notice (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	contact_id uuid REFERENCES contact,
	staff_id uuid REFERENCES staff,
	-- The action it tells of; telling twice is telling once.
	seq bigint NOT NULL,
	category text NOT NULL,
	title text NOT NULL,
	body text NOT NULL DEFAULT '',
	href text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	read_at timestamptz,
	CHECK (num_nonnulls(contact_id, staff_id) = 1)
);
CREATE UNIQUE INDEX notice_once_contact ON notice (contact_id, seq) WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX notice_once_staff ON notice (staff_id, seq) WHERE staff_id IS NOT NULL;
CREATE INDEX notice_of_contact ON notice (contact_id, created_at DESC, id) WHERE contact_id IS NOT NULL;
CREATE INDEX notice_of_staff ON notice (staff_id, created_at DESC, id) WHERE staff_id IS NOT NULL;

CREATE TABLE mail (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid REFERENCES client,
	-- What it is about, so that the same mail is never made twice.
	about text NOT NULL UNIQUE,
	recipient text NOT NULL,
	subject text NOT NULL,
	body text NOT NULL,
	-- Where its button leads. Taken out once it was sent: it may be a one-time link.
	link text,
	link_label text,
	created_at timestamptz NOT NULL DEFAULT now(),
	-- Whoever sends it holds it until then, so that two jobs never send it twice.
	claimed_until timestamptz,
	attempts integer NOT NULL DEFAULT 0,
	sent_at timestamptz,
	failed_at timestamptz,
	failure text
);
CREATE INDEX mail_waiting ON mail (created_at) WHERE sent_at IS NULL;
CREATE INDEX mail_failed ON mail (agency_id, failed_at DESC) WHERE sent_at IS NULL AND failed_at IS NOT NULL;

ALTER TABLE file ADD COLUMN order_id uuid REFERENCES client_order, ADD COLUMN message_id uuid REFERENCES message;
CREATE INDEX file_by_order ON file (order_id) WHERE order_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX file_by_message ON file (message_id) WHERE message_id IS NOT NULL AND deleted_at IS NULL;
DROP INDEX file_by_folder;
CREATE INDEX file_by_folder ON file (client_id, folder_id, lower(name), id)
	WHERE deleted_at IS NULL AND task_id IS NULL AND order_id IS NULL AND message_id IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON thread, message, thread_read, notice, mail TO switchback_app;
