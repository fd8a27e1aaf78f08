-- How each recorded page was told to mask, and the key pair to which a client's personal data is encrypted in the page.

ALTER TABLE page ADD COLUMN masking text NOT NULL DEFAULT 'personal' CHECK (masking IN ('personal', 'inputs', 'text')),
	ADD COLUMN masking_version integer NOT NULL DEFAULT 1;

CREATE TABLE client_personal_key (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL UNIQUE REFERENCES client,
	-- An uncompressed point of P-256; pages are given it.
	public_key bytea NOT NULL,
	-- The private half, wrapped by the agency's key. Deleting the row makes what was encrypted to it unreadable for ever.
	wrapped bytea NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, DELETE ON client_personal_key TO switchback_app;
