-- What an agency sells, and what clients ordered of it. An order keeps names and prices as they were when it was placed.

CREATE TABLE service (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	name text NOT NULL,
	category text NOT NULL DEFAULT '',
	summary text NOT NULL DEFAULT '',
	description text NOT NULL DEFAULT '',
	-- [{question, answer}]
	faq jsonb NOT NULL DEFAULT '[]',
	-- [{key, label, kind, required, hint, options, min, max}]: the form an order asks to be filled in.
	intake jsonb NOT NULL DEFAULT '[]',
	-- [{title, description, waitingOn, dueAfterDays, visible}]
	default_tasks jsonb NOT NULL DEFAULT '[]',
	status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
	visible_to text NOT NULL DEFAULT 'all' CHECK (visible_to IN ('all', 'chosen')),
	position integer NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX service_by_agency ON service (agency_id, status, position, id);

CREATE TABLE service_package (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	service_id uuid NOT NULL REFERENCES service ON DELETE CASCADE,
	name text NOT NULL,
	description text NOT NULL DEFAULT '',
	features text[] NOT NULL DEFAULT '{}',
	price_minor bigint NOT NULL CHECK (price_minor >= 0),
	currency text NOT NULL,
	billing text NOT NULL DEFAULT 'once' CHECK (billing IN ('once', 'month', 'year')),
	-- How many of it one order may take; what is billed again and again is taken once.
	max_quantity integer NOT NULL DEFAULT 1 CHECK (max_quantity BETWEEN 1 AND 99),
	position integer NOT NULL DEFAULT 0,
	archived_at timestamptz,
	CHECK (billing = 'once' OR max_quantity = 1)
);
CREATE INDEX service_package_by_service ON service_package (service_id, position, id);

CREATE TABLE service_add_on (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	service_id uuid NOT NULL REFERENCES service ON DELETE CASCADE,
	name text NOT NULL,
	description text NOT NULL DEFAULT '',
	price_minor bigint NOT NULL CHECK (price_minor >= 0),
	currency text NOT NULL,
	max_quantity integer NOT NULL DEFAULT 1 CHECK (max_quantity BETWEEN 1 AND 99),
	position integer NOT NULL DEFAULT 0,
	archived_at timestamptz
);
CREATE INDEX service_add_on_by_service ON service_add_on (service_id, position, id);

-- Whom a service with visible_to = 'chosen' is shown to.
CREATE TABLE service_client (
	service_id uuid NOT NULL REFERENCES service ON DELETE CASCADE,
	client_id uuid NOT NULL REFERENCES client,
	agency_id uuid NOT NULL REFERENCES agency,
	PRIMARY KEY (service_id, client_id)
);
CREATE INDEX service_client_by_client ON service_client (client_id);

CREATE TABLE client_order (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	number text NOT NULL,
	service_id uuid REFERENCES service,
	package_id uuid REFERENCES service_package,
	service_name text NOT NULL,
	package_name text NOT NULL,
	billing text NOT NULL DEFAULT 'once' CHECK (billing IN ('once', 'month', 'year')),
	-- [{key, label, kind, value}] as it was asked and answered.
	intake jsonb NOT NULL DEFAULT '[]',
	status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'in_progress', 'delivered', 'completed', 'cancelled')),
	currency text NOT NULL,
	tax_rate_bp integer NOT NULL DEFAULT 0,
	subtotal_minor bigint NOT NULL,
	tax_minor bigint NOT NULL,
	total_minor bigint NOT NULL,
	cancel_reason text,
	-- Sent with the form: the same form sent twice is one order.
	request_key uuid,
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (agency_id, number)
);
CREATE INDEX client_order_by_client ON client_order (client_id, created_at DESC, id);
CREATE INDEX client_order_by_agency ON client_order (agency_id, status, created_at DESC, id);
CREATE INDEX client_order_by_age ON client_order (agency_id, created_at DESC, id);
CREATE INDEX client_order_by_total ON client_order (agency_id, total_minor, id);
CREATE UNIQUE INDEX client_order_once ON client_order (client_id, request_key) WHERE request_key IS NOT NULL;

CREATE TABLE client_order_line (
	id uuid PRIMARY KEY,
	order_id uuid NOT NULL REFERENCES client_order ON DELETE CASCADE,
	position integer NOT NULL,
	description text NOT NULL,
	quantity integer NOT NULL DEFAULT 1,
	unit_minor bigint NOT NULL,
	amount_minor bigint NOT NULL,
	UNIQUE (order_id, position)
);

-- The history a client sees: each status with who set it and what they said.
CREATE TABLE client_order_step (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	order_id uuid NOT NULL REFERENCES client_order ON DELETE CASCADE,
	status text NOT NULL,
	note text NOT NULL DEFAULT '',
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX client_order_step_by_order ON client_order_step (order_id, created_at);

ALTER TABLE task ADD COLUMN order_id uuid REFERENCES client_order, ADD COLUMN assignee_staff_id uuid REFERENCES staff,
	ADD COLUMN deleted_at timestamptz;
CREATE INDEX task_by_order ON task (order_id) WHERE order_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON service, service_package, service_add_on, service_client, client_order, client_order_line,
	client_order_step TO switchback_app;
