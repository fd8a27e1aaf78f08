-- Invoices in their whole life, payments, subscriptions and their renewals.

CREATE TABLE subscription (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	order_id uuid REFERENCES client_order,
	service_id uuid REFERENCES service,
	package_id uuid REFERENCES service_package,
	name text NOT NULL,
	price_minor bigint NOT NULL CHECK (price_minor >= 0),
	currency text NOT NULL,
	tax_rate_bp integer NOT NULL DEFAULT 0,
	billing text NOT NULL CHECK (billing IN ('month', 'year')),
	-- `ending`: cancelled, and paid until next_renewal_on.
	status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'ending', 'cancelled')),
	-- Renewals are anchor + n × period, so that the 31st comes back after a short month.
	anchor_on date NOT NULL,
	periods integer NOT NULL DEFAULT 0,
	next_renewal_on date,
	paused_at timestamptz,
	cancelled_at timestamptz,
	cancel_reason text,
	-- A change of plan takes effect at the next renewal.
	next_package_id uuid REFERENCES service_package,
	-- What the plan cost when it was chosen: that is charged, whatever it costs by the renewal.
	next_price_minor bigint CHECK (next_price_minor >= 0),
	made_by_contact_id uuid REFERENCES contact,
	made_by_staff_id uuid REFERENCES staff,
	impersonation_id uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX subscription_by_client ON subscription (client_id, created_at DESC, id);
CREATE INDEX subscription_by_agency ON subscription (agency_id, created_at DESC, id);
CREATE INDEX subscription_by_status ON subscription (agency_id, status, created_at DESC, id);
CREATE INDEX subscription_by_renewal ON subscription (agency_id, next_renewal_on, id);
CREATE INDEX subscription_due ON subscription (next_renewal_on, id) WHERE status IN ('active', 'ending');

ALTER TABLE invoice DROP CONSTRAINT invoice_status_check;
ALTER TABLE invoice
	ADD CONSTRAINT invoice_status_check CHECK (status IN ('draft', 'open', 'paid', 'void')),
	-- Numbers run without holes, so a draft, which may still be thrown away, has none.
	ALTER COLUMN number DROP NOT NULL,
	ADD CONSTRAINT invoice_number_check CHECK ((status = 'draft') = (number IS NULL)),
	ADD COLUMN order_id uuid REFERENCES client_order,
	ADD COLUMN subscription_id uuid REFERENCES subscription,
	-- First day of the period a renewal pays for: the same period is never invoiced twice.
	ADD COLUMN period_from date,
	ADD COLUMN paid_minor bigint NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
	ADD COLUMN sent_at timestamptz,
	ADD COLUMN void_reason text,
	-- "I have paid": said by the client, believed once staff record the payment.
	ADD COLUMN claimed_at timestamptz,
	ADD COLUMN claim_reference text,
	ADD COLUMN claim_by_contact_id uuid REFERENCES contact,
	ADD COLUMN claim_by_staff_id uuid REFERENCES staff,
	-- What staff answered when they could not find the payment.
	ADD COLUMN claim_answer text,
	ADD COLUMN made_by_contact_id uuid REFERENCES contact,
	ADD COLUMN made_by_staff_id uuid REFERENCES staff,
	ADD COLUMN impersonation_id uuid,
	ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
	-- Beyond what is due nothing is ever booked, whatever two transactions do at once.
	ADD CONSTRAINT invoice_paid_check CHECK (paid_minor <= total_minor);
CREATE UNIQUE INDEX invoice_once_a_period ON invoice (subscription_id, period_from) WHERE subscription_id IS NOT NULL;
CREATE INDEX invoice_by_order ON invoice (order_id) WHERE order_id IS NOT NULL;
-- One index for each order that the agency's list can be put in; the numbers' is their unique constraint's.
CREATE INDEX invoice_by_agency ON invoice (agency_id, issued_on DESC, id);
CREATE INDEX invoice_by_status ON invoice (agency_id, status, issued_on DESC, id);
CREATE INDEX invoice_by_due ON invoice (agency_id, due_on, id);
CREATE INDEX invoice_by_total ON invoice (agency_id, total_minor, id);
CREATE INDEX invoice_claimed ON invoice (agency_id, claimed_at) WHERE claimed_at IS NOT NULL;
UPDATE invoice SET paid_minor = total_minor WHERE status = 'paid';

CREATE TABLE payment (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	invoice_id uuid NOT NULL REFERENCES invoice,
	amount_minor bigint NOT NULL CHECK (amount_minor > 0),
	currency text NOT NULL,
	method text NOT NULL,
	reference text NOT NULL DEFAULT '',
	paid_on date NOT NULL,
	made_by_staff_id uuid REFERENCES staff,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payment_by_invoice ON payment (invoice_id, paid_on, id);
CREATE INDEX payment_by_agency ON payment (agency_id, paid_on) INCLUDE (currency, amount_minor);
-- What was paid before payments were kept: one for the whole, on the day it was marked paid.
INSERT INTO payment (id, agency_id, client_id, invoice_id, amount_minor, currency, method, paid_on)
	SELECT gen_random_uuid(), agency_id, client_id, id, total_minor, currency, 'other', COALESCE(paid_on, issued_on)
	FROM invoice WHERE status = 'paid' AND total_minor > 0;

GRANT SELECT, INSERT, UPDATE, DELETE ON subscription, payment TO switchback_app;
