-- Pictures and fonts of recorded pages, by the hash of their bytes, once for each client.
CREATE TABLE asset (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
	-- Size of the file.
	bytes integer NOT NULL,
	-- Its own key, wrapped by its agency's key. Deleting the row erases the file.
	wrapped bytea NOT NULL,
	blob_key text NOT NULL UNIQUE,
	stored_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (client_id, sha256)
);

-- What stood at an address of a recorded page. Nothing else holds an asset: with its last row here it goes.
CREATE TABLE page_asset (
	page_id uuid NOT NULL REFERENCES page,
	agency_id uuid NOT NULL REFERENCES agency,
	-- As recorded events call it (recorder/format/assets.ts).
	name text NOT NULL CHECK (octet_length(name) <= 1000),
	-- Null: it was not taken, and why.
	asset_id uuid REFERENCES asset,
	left_out text,
	PRIMARY KEY (page_id, name),
	CHECK ((asset_id IS NULL) = (left_out IS NOT NULL))
);
CREATE INDEX page_asset_by_asset ON page_asset (asset_id);

-- UPDATE: rows are locked before it is looked whether anything still names them.
GRANT SELECT, INSERT, UPDATE, DELETE ON asset, page_asset TO switchback_app;
