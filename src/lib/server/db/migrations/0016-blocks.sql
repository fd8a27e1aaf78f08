-- Sealed recordings: blocks and dictionaries as objects in the blob store, what is known of them here, and their keys.

-- The key of one recording, wrapped by its agency's key. Deleting the row erases the recording.
CREATE TABLE recording_key (
	impersonation_id uuid PRIMARY KEY REFERENCES impersonation,
	agency_id uuid NOT NULL REFERENCES agency,
	wrapped bytea NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);

-- A page's first full snapshot, with which its blocks are packed.
CREATE TABLE page_dictionary (
	page_id uuid PRIMARY KEY REFERENCES page,
	agency_id uuid NOT NULL REFERENCES agency,
	hash bytea NOT NULL,
	bytes integer NOT NULL,
	blob_key text NOT NULL UNIQUE
);

CREATE TABLE block (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	page_id uuid NOT NULL REFERENCES page,
	-- Numbers of its batches, without a hole in between.
	first_seq integer NOT NULL,
	last_seq integer NOT NULL,
	events integer NOT NULL,
	-- Size of the object.
	bytes integer NOT NULL,
	-- Hub time of its first and last event.
	from_at timestamptz NOT NULL,
	to_at timestamptz NOT NULL,
	checkpoint text NOT NULL,
	-- A byte for each stretch of time (recorder/format/SPEC.md §Activity).
	activity bytea NOT NULL,
	-- The page's batch chain after its last batch, and SHA-256 of the object.
	batch_hash bytea NOT NULL,
	object_hash bytea NOT NULL,
	blob_key text NOT NULL UNIQUE,
	-- Merged with its neighbours, or found to have none.
	is_compact boolean NOT NULL DEFAULT false,
	sealed_at timestamptz NOT NULL DEFAULT now(),
	CHECK (last_seq >= first_seq AND to_at >= from_at),
	-- Sealing twice is sealing once.
	UNIQUE (page_id, first_seq)
);
CREATE INDEX block_by_impersonation ON block (impersonation_id, page_id, first_seq);
CREATE INDEX block_to_compact ON block (sealed_at) WHERE NOT is_compact;

-- Objects in the store that no row names: under way, or left behind. Swept when they are due.
CREATE TABLE unnamed_object (
	blob_key text PRIMARY KEY,
	due_at timestamptz NOT NULL
);
CREATE INDEX unnamed_object_due ON unnamed_object (due_at);

-- Highest sealed number; how often sealing failed since it last went on; when its key was destroyed.
ALTER TABLE page ADD COLUMN sealed_seq integer NOT NULL DEFAULT -1,
	ADD COLUMN seal_failures integer NOT NULL DEFAULT 0,
	ADD COLUMN erased_at timestamptz;
CREATE INDEX page_to_remove ON page (impersonation_id) WHERE erased_at IS NOT NULL AND removed_at IS NULL;
-- What was removed before there were keys counts as erased.
UPDATE page SET erased_at = removed_at WHERE removed_at IS NOT NULL;

GRANT SELECT, INSERT, DELETE ON page_dictionary TO switchback_app;
-- UPDATE on keys: sealing locks the row, so that erasing waits for it.
GRANT SELECT, INSERT, UPDATE, DELETE ON recording_key, block, unnamed_object TO switchback_app;
