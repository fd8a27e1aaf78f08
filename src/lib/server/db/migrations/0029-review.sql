-- Judging ended recordings: how much each asks for a look and why, who looks and what they found; what people wrote at its
-- moments; views of the list that somebody keeps; recordings that must not be erased.

CREATE TABLE review (
	impersonation_id uuid PRIMARY KEY REFERENCES impersonation,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	-- Who is recorded, and when it ended: the queue is read from this table alone.
	staff_id uuid NOT NULL REFERENCES staff,
	ended_at timestamptz NOT NULL,
	-- 0 to 100, and why: [{"key": "money", "count": 2}], heaviest first (domain/risk.ts).
	risk smallint NOT NULL,
	reasons jsonb NOT NULL,
	is_incomplete boolean NOT NULL,
	-- Waits for a verdict, or has one.
	is_queued boolean NOT NULL,
	due_at timestamptz NOT NULL,
	assigned_to uuid REFERENCES staff,
	verdict text CHECK (verdict IN ('fine', 'coach', 'breach')),
	checks jsonb NOT NULL DEFAULT '[]',
	note text NOT NULL DEFAULT '',
	reviewed_by uuid REFERENCES staff,
	reviewed_at timestamptz,
	CHECK ((verdict IS NULL) = (reviewed_at IS NULL) AND (verdict IS NULL OR is_queued)),
	-- Nobody reviews themselves, whoever writes the row.
	CHECK (reviewed_by <> staff_id AND assigned_to <> staff_id)
);
CREATE INDEX review_open ON review (agency_id, risk DESC, due_at, impersonation_id) WHERE is_queued AND verdict IS NULL;
CREATE INDEX review_due ON review (agency_id, due_at, impersonation_id) WHERE is_queued AND verdict IS NULL;
CREATE INDEX review_mine ON review (assigned_to, risk DESC, due_at, impersonation_id) WHERE is_queued AND verdict IS NULL;
CREATE INDEX review_open_client ON review (client_id, risk DESC, due_at, impersonation_id) WHERE is_queued AND verdict IS NULL;
CREATE INDEX review_open_staff ON review (staff_id, risk DESC, due_at, impersonation_id) WHERE is_queued AND verdict IS NULL;
CREATE INDEX review_done ON review (agency_id, reviewed_at DESC, impersonation_id) WHERE verdict IS NOT NULL;
CREATE INDEX review_by_end ON review (agency_id, ended_at) INCLUDE (is_queued, reviewed_at, verdict);
CREATE INDEX review_by_risk ON review (agency_id, risk DESC, impersonation_id DESC);
CREATE INDEX review_incomplete ON review (agency_id, ended_at DESC) WHERE is_incomplete;
GRANT SELECT, INSERT, UPDATE ON review TO switchback_app;

-- What the rules make of it is worked out once it is over.
ALTER TABLE impersonation ADD COLUMN assessed_at timestamptz;
CREATE INDEX impersonation_to_assess ON impersonation (ended_at) WHERE state = 'ended' AND assessed_at IS NULL;
CREATE INDEX impersonation_starts ON impersonation (staff_id, started_at) WHERE started_at IS NOT NULL;

-- What is worth a look: domain/risk.ts.
ALTER TABLE agency ADD COLUMN review_rules jsonb NOT NULL DEFAULT '{}';

CREATE TABLE recording_comment (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	-- The comment it answers, which answers none.
	parent_id uuid REFERENCES recording_comment ON DELETE CASCADE,
	-- Since the recording's start.
	at_ms integer NOT NULL CHECK (at_ms >= 0),
	-- A place on the screen, as shares of its width and height.
	place_x real CHECK (place_x BETWEEN 0 AND 1),
	place_y real CHECK (place_y BETWEEN 0 AND 1),
	body text NOT NULL,
	written_by uuid NOT NULL REFERENCES staff,
	written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	CHECK ((place_x IS NULL) = (place_y IS NULL))
);
CREATE INDEX recording_comment_order ON recording_comment (impersonation_id, at_ms, written_at);
CREATE INDEX recording_comment_answers ON recording_comment (parent_id) WHERE parent_id IS NOT NULL;
-- UPDATE: to lock a row; nobody rewrites what was said.
GRANT SELECT, INSERT, UPDATE, DELETE ON recording_comment TO switchback_app;

-- A person's own marks; nobody else sees them.
CREATE TABLE recording_bookmark (
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	staff_id uuid NOT NULL REFERENCES staff,
	at_ms integer NOT NULL CHECK (at_ms >= 0),
	agency_id uuid NOT NULL REFERENCES agency,
	label text NOT NULL,
	PRIMARY KEY (impersonation_id, staff_id, at_ms)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON recording_bookmark TO switchback_app;

-- Filters of a list that a person gave a name.
CREATE TABLE saved_view (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	staff_id uuid NOT NULL REFERENCES staff,
	list text NOT NULL CHECK (list IN ('recordings')),
	name text NOT NULL,
	-- The list's address behind the question mark.
	query text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX saved_view_once ON saved_view (staff_id, list, lower(name));
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO switchback_app;

-- While a recording is held, neither the retention nor anybody erases it.
CREATE TABLE recording_hold (
	impersonation_id uuid PRIMARY KEY REFERENCES impersonation,
	agency_id uuid NOT NULL REFERENCES agency,
	held_by uuid NOT NULL REFERENCES staff,
	reason text NOT NULL,
	held_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON recording_hold TO switchback_app;
