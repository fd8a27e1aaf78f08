-- What the client allows, and what staff prepared for the client to approve.

CREATE TABLE consent_grant (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	granted_by uuid NOT NULL REFERENCES contact,
	granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	until timestamptz NOT NULL,
	withdrawn_at timestamptz,
	withdrawn_by uuid REFERENCES contact
);
CREATE INDEX consent_grant_by_client ON consent_grant (client_id, until DESC) WHERE withdrawn_at IS NULL;

CREATE TABLE draft (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	contact_id uuid NOT NULL REFERENCES contact,
	action text NOT NULL,
	-- Exactly what the use case was given; it runs again through all checks when approved.
	input jsonb NOT NULL,
	-- What it is about, as the client reads it.
	label text NOT NULL,
	-- [{term, value}]: what will happen, in the words the client decides by.
	facts jsonb NOT NULL DEFAULT '[]',
	href text NOT NULL DEFAULT '/',
	prepared_by uuid NOT NULL REFERENCES staff,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'declined', 'withdrawn', 'expired')),
	decided_by uuid REFERENCES contact,
	decided_at timestamptz,
	decline_reason text,
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL
);
CREATE INDEX draft_by_client ON draft (client_id, state, created_at DESC, id);
CREATE INDEX draft_by_preparer ON draft (prepared_by, created_at DESC, id);
CREATE INDEX draft_by_impersonation ON draft (impersonation_id);
CREATE INDEX draft_open ON draft (expires_at) WHERE state = 'open';

GRANT SELECT, INSERT, UPDATE, DELETE ON consent_grant, draft TO switchback_app;
