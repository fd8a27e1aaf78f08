-- What an agency sets up around its clients: looks, defaults, people by invitation, numbers, announcements.

ALTER TABLE agency
	-- Nothing but a colour: it is written into every page.
	ADD COLUMN accent text CHECK (accent ~ '^#[0-9a-f]{6}$'),
	ADD COLUMN logo_key text,
	ADD COLUMN logo_type text,
	ADD COLUMN address text NOT NULL DEFAULT '',
	ADD COLUMN tax_id text NOT NULL DEFAULT '',
	ADD COLUMN currency text NOT NULL DEFAULT 'EUR',
	ADD COLUMN tax_rate_bp integer NOT NULL DEFAULT 0,
	ADD COLUMN payment_days integer NOT NULL DEFAULT 14,
	ADD COLUMN payment_note text NOT NULL DEFAULT '',
	ADD COLUMN client_quota_bytes bigint NOT NULL DEFAULT 5368709120,
	-- Which events are told to whom by default: {category: {inApp, mail}}.
	ADD COLUMN notice_setup jsonb NOT NULL DEFAULT '{}';

-- Rename, icon, order and hiding of the agency's own menu for the people of a role.
ALTER TABLE role ADD COLUMN sidebar jsonb NOT NULL DEFAULT '{}';

ALTER TABLE staff
	ADD COLUMN notice_setup jsonb NOT NULL DEFAULT '{}',
	ADD COLUMN two_factor_enabled boolean NOT NULL DEFAULT false,
	ADD COLUMN invited_at timestamptz;

ALTER TABLE client
	ADD COLUMN phone text,
	ADD COLUMN address text NOT NULL DEFAULT '',
	ADD COLUMN tax_id text NOT NULL DEFAULT '',
	-- For colleagues only; no portal query reads it.
	ADD COLUMN internal_note text NOT NULL DEFAULT '',
	ADD COLUMN quota_bytes bigint,
	ADD COLUMN archived_at timestamptz,
	-- The client asks for a grant of its own before anybody comes in, whatever the agency's policy says.
	ADD COLUMN requires_grant boolean NOT NULL DEFAULT false;

ALTER TABLE contact
	ADD COLUMN phone text,
	ADD COLUMN notice_setup jsonb NOT NULL DEFAULT '{}',
	ADD COLUMN two_factor_enabled boolean NOT NULL DEFAULT false,
	ADD COLUMN invited_at timestamptz;

-- One-time links by which invited people choose a password. Only the hash is kept.
CREATE TABLE invitation (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	staff_id uuid REFERENCES staff,
	contact_id uuid REFERENCES contact,
	token_hash bytea NOT NULL UNIQUE,
	expires_at timestamptz NOT NULL,
	used_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	CHECK (num_nonnulls(staff_id, contact_id) = 1)
);
CREATE INDEX invitation_by_staff ON invitation (staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX invitation_by_contact ON invitation (contact_id) WHERE contact_id IS NOT NULL;

-- Second factors, as the sign-in library keeps them: secrets are encrypted by it.
DO $$
DECLARE side text;
BEGIN
	FOREACH side IN ARRAY ARRAY['staff', 'contact'] LOOP
		EXECUTE format($sql$
			CREATE TABLE %1$s_two_factor (
				id uuid PRIMARY KEY,
				user_id uuid NOT NULL REFERENCES %1$s ON DELETE CASCADE,
				secret text NOT NULL,
				backup_codes text NOT NULL,
				verified boolean NOT NULL DEFAULT true,
				failed_verification_count integer NOT NULL DEFAULT 0,
				locked_until timestamptz
			);
			CREATE INDEX %1$s_two_factor_by_user ON %1$s_two_factor (user_id);
			GRANT SELECT, INSERT, UPDATE, DELETE ON %1$s_two_factor TO switchback_app;
		$sql$, side);
	END LOOP;
END $$;

-- Running numbers without holes (invoices, orders): taken in the transaction that uses them.
CREATE TABLE counter (
	agency_id uuid NOT NULL REFERENCES agency,
	name text NOT NULL,
	value bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (agency_id, name)
);

CREATE TABLE announcement (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	-- Null: for every client.
	client_id uuid REFERENCES client,
	title text NOT NULL,
	body text NOT NULL,
	visible_from timestamptz NOT NULL DEFAULT now(),
	visible_until timestamptz,
	made_by_staff_id uuid REFERENCES staff,
	created_at timestamptz NOT NULL DEFAULT now(),
	-- Kept for a while after, so that taking it back costs nothing.
	removed_at timestamptz,
	CHECK (visible_until > visible_from)
);
CREATE INDEX announcement_by_agency ON announcement (agency_id, visible_from DESC, id) WHERE removed_at IS NULL;

-- The application's own rights were by default nothing for new tables.
GRANT SELECT, INSERT, UPDATE, DELETE ON invitation, counter, announcement TO switchback_app;

-- Roles of agencies that exist learn what the built-in ones hold by now.
UPDATE role SET permissions = ARRAY['clients.read', 'clients.all', 'clients.manage', 'clients.export', 'impersonate', 'impersonate.act',
	'supervise', 'review', 'actions.read', 'team.read', 'team.manage', 'tasks.manage', 'files.manage', 'orders.manage', 'billing.manage',
	'services.manage', 'messages.manage', 'portal.manage', 'policy.manage', 'settings.manage']
	WHERE built_in AND key IN ('super_admin', 'admin');
UPDATE role SET permissions = ARRAY['clients.read', 'impersonate', 'impersonate.act', 'team.read', 'tasks.manage', 'files.manage',
	'orders.manage', 'messages.manage'] WHERE built_in AND key = 'manager';
UPDATE role SET permissions = ARRAY['clients.read', 'tasks.manage', 'files.manage', 'messages.manage'] WHERE built_in AND key = 'assignee';
