-- The action log: one hash chain for each agency. The database itself refuses to change or remove a row.

CREATE TABLE action (
	seq bigint PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	at timestamptz NOT NULL,
	client_id uuid,
	contact_id uuid,
	actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'client', 'impersonation', 'system')),
	-- The real actor: a staff member, or null where the contact or the system acted.
	actor_staff_id uuid,
	impersonation_id uuid,
	page_id uuid,
	action text NOT NULL,
	subject_type text,
	subject_id uuid,
	outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
	refusal text,
	-- SHA-256(salt, details): erasing the details leaves the chain whole.
	details_hash bytea NOT NULL,
	previous_hash bytea NOT NULL,
	hash bytea NOT NULL
);
CREATE SEQUENCE action_seq OWNED BY action.seq;
CREATE INDEX action_by_agency ON action (agency_id, seq DESC);
CREATE INDEX action_by_client ON action (client_id, seq DESC);
CREATE INDEX action_by_impersonation ON action (impersonation_id, seq) WHERE impersonation_id IS NOT NULL;
CREATE INDEX action_by_actor ON action (actor_staff_id, seq DESC) WHERE actor_staff_id IS NOT NULL;

CREATE TABLE action_details (
	seq bigint PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid,
	salt bytea NOT NULL,
	-- The exact text that was hashed.
	details text NOT NULL
);

CREATE TABLE chain_head (
	agency_id uuid PRIMARY KEY REFERENCES agency,
	seq bigint NOT NULL DEFAULT 0,
	rows bigint NOT NULL DEFAULT 0,
	hash bytea NOT NULL
);

CREATE TABLE signing_key (
	id uuid PRIMARY KEY,
	public_key text NOT NULL UNIQUE,
	created_at timestamptz NOT NULL DEFAULT now()
);

-- Each minute and at each end: whoever cuts rows off the end cannot forge the head that named them.
CREATE TABLE signed_head (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	seq bigint NOT NULL,
	rows bigint NOT NULL,
	hash bytea NOT NULL,
	signed_at timestamptz NOT NULL DEFAULT now(),
	key_id uuid NOT NULL REFERENCES signing_key,
	signature bytea NOT NULL,
	UNIQUE (agency_id, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% on % is refused: the action log only grows', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER action_only_grows BEFORE UPDATE OR DELETE ON action FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_never_truncated BEFORE TRUNCATE ON action EXECUTE FUNCTION refuse_change();
CREATE TRIGGER view_only_grows BEFORE UPDATE OR DELETE ON view FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER view_never_truncated BEFORE TRUNCATE ON view EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signed_head_only_grows BEFORE UPDATE OR DELETE ON signed_head FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signed_head_never_truncated BEFORE TRUNCATE ON signed_head EXECUTE FUNCTION refuse_change();

CREATE TABLE outbox (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('job', 'signal')),
	payload jsonb NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT ON action, signing_key, signed_head TO switchback_app;
GRANT USAGE ON SEQUENCE action_seq TO switchback_app;
GRANT SELECT, INSERT, DELETE ON action_details TO switchback_app;
GRANT SELECT, INSERT, UPDATE ON chain_head TO switchback_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO switchback_app;
