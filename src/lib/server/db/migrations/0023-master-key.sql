-- Which master key (KEYS_DIR) the keys of recordings are wrapped under: its SHA-256, never the key. The first process notes it, every other
-- one starts only with the same key, so that no two machines lock recordings under keys of their own.
CREATE TABLE master_key (
	is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
	fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
	noted_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON master_key TO switchback_app;
