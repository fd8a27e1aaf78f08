-- Agencies, their staff and clients, and the sign-in library's tables. Every row carries its agency.

CREATE TABLE agency (
	id uuid PRIMARY KEY,
	name text NOT NULL,
	policy jsonb NOT NULL DEFAULT '{}',
	portal_setup jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE role (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	key text NOT NULL,
	name text NOT NULL,
	permissions text[] NOT NULL DEFAULT '{}',
	built_in boolean NOT NULL DEFAULT false,
	UNIQUE (agency_id, key)
);

CREATE TABLE staff (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	role_id uuid NOT NULL REFERENCES role,
	name text NOT NULL,
	email text NOT NULL UNIQUE CHECK (email = lower(email)),
	email_verified boolean NOT NULL DEFAULT true,
	image text,
	active boolean NOT NULL DEFAULT true,
	granted text[] NOT NULL DEFAULT '{}',
	withdrawn text[] NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX staff_by_agency ON staff (agency_id);

CREATE TABLE client (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	name text NOT NULL,
	status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'archived')),
	industry text,
	website text,
	opted_out boolean NOT NULL DEFAULT false,
	portal_setup jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX client_by_name ON client (agency_id, lower(name), id);
CREATE INDEX client_by_age ON client (agency_id, created_at, id);

-- Who of the staff looks after which client.
CREATE TABLE client_assignment (
	client_id uuid NOT NULL REFERENCES client,
	staff_id uuid NOT NULL REFERENCES staff,
	PRIMARY KEY (client_id, staff_id)
);
CREATE INDEX client_assignment_by_staff ON client_assignment (staff_id);

CREATE TABLE contact (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	name text NOT NULL,
	email text NOT NULL UNIQUE CHECK (email = lower(email)),
	email_verified boolean NOT NULL DEFAULT true,
	image text,
	job_title text,
	is_owner boolean NOT NULL DEFAULT false,
	rights text[] NOT NULL DEFAULT '{}',
	active boolean NOT NULL DEFAULT true,
	last_sign_in_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX contact_by_client ON contact (client_id);
CREATE UNIQUE INDEX contact_one_owner ON contact (client_id) WHERE is_owner;

-- Sign-in: two instances of one library, staff and contacts, that never share a table.
DO $$
DECLARE side text;
BEGIN
	FOREACH side IN ARRAY ARRAY['staff', 'contact'] LOOP
		EXECUTE format($sql$
			CREATE TABLE %1$s_session (
				id uuid PRIMARY KEY,
				user_id uuid NOT NULL REFERENCES %1$s ON DELETE CASCADE,
				token text NOT NULL UNIQUE,
				expires_at timestamptz NOT NULL,
				ip_address text,
				user_agent text,
				created_at timestamptz NOT NULL DEFAULT now(),
				updated_at timestamptz NOT NULL DEFAULT now()
			);
			CREATE INDEX %1$s_session_by_user ON %1$s_session (user_id);
			CREATE TABLE %1$s_account (
				id uuid PRIMARY KEY,
				user_id uuid NOT NULL REFERENCES %1$s ON DELETE CASCADE,
				account_id text NOT NULL,
				provider_id text NOT NULL,
				access_token text,
				refresh_token text,
				id_token text,
				access_token_expires_at timestamptz,
				refresh_token_expires_at timestamptz,
				scope text,
				password text,
				created_at timestamptz NOT NULL DEFAULT now(),
				updated_at timestamptz NOT NULL DEFAULT now()
			);
			CREATE INDEX %1$s_account_by_user ON %1$s_account (user_id);
			CREATE TABLE %1$s_verification (
				id uuid PRIMARY KEY,
				identifier text NOT NULL,
				value text NOT NULL,
				expires_at timestamptz NOT NULL,
				created_at timestamptz NOT NULL DEFAULT now(),
				updated_at timestamptz NOT NULL DEFAULT now()
			);
			CREATE INDEX %1$s_verification_by_identifier ON %1$s_verification (identifier);
			CREATE TABLE %1$s_rate_limit (
				id uuid PRIMARY KEY,
				key text NOT NULL UNIQUE,
				count integer NOT NULL,
				last_request bigint NOT NULL
			);
		$sql$, side);
	END LOOP;
END $$;

-- One-time link by which the first Super Admin of an empty installation is made.
CREATE TABLE setup_link (
	token_hash bytea PRIMARY KEY,
	created_at timestamptz NOT NULL DEFAULT now(),
	used_at timestamptz
);

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO switchback_app;
REVOKE ALL ON schema_migration FROM switchback_app;
