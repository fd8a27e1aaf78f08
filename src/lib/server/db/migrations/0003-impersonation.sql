-- Impersonations, their pages, what was looked at, and who watched.

CREATE TABLE impersonation (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	client_id uuid NOT NULL REFERENCES client,
	contact_id uuid NOT NULL REFERENCES contact,
	staff_id uuid NOT NULL REFERENCES staff,
	-- Bound to the staff session: signing out on the agency side ends it, and nobody else's session can end or use it.
	staff_session_id uuid NOT NULL,
	mode text NOT NULL CHECK (mode IN ('view', 'act')),
	reason text NOT NULL,
	details text NOT NULL DEFAULT '',
	ticket text,
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'active', 'ended')),
	code_hash bytea NOT NULL UNIQUE,
	code_expires_at timestamptz NOT NULL,
	token_hash bytea UNIQUE,
	created_at timestamptz NOT NULL DEFAULT now(),
	started_at timestamptz,
	expires_at timestamptz NOT NULL,
	idle_limit_ms integer NOT NULL,
	restarted_from uuid REFERENCES impersonation,
	-- Where Switch Back leads on the agency host, and where entering leads in the portal; both kept here, never in an address.
	return_to text NOT NULL,
	enter_at text NOT NULL DEFAULT '/',
	frozen_at timestamptz,
	frozen_by uuid REFERENCES staff,
	freeze_note text,
	ended_at timestamptz,
	end_reason text,
	ended_by uuid REFERENCES staff
);
CREATE UNIQUE INDEX impersonation_one_live ON impersonation (staff_id) WHERE state <> 'ended';
CREATE INDEX impersonation_live ON impersonation (agency_id) WHERE state <> 'ended';
CREATE INDEX impersonation_by_agency ON impersonation (agency_id, created_at DESC, id);
CREATE INDEX impersonation_by_client ON impersonation (client_id, created_at DESC, id);

-- Apart from the row above, so that a sign of life never waits for the gate's lock on it.
CREATE TABLE impersonation_pulse (
	impersonation_id uuid PRIMARY KEY REFERENCES impersonation,
	last_activity_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE page (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	opened_at timestamptz NOT NULL DEFAULT now(),
	address text NOT NULL,
	title text NOT NULL DEFAULT '',
	-- Set once its full snapshot is in the live log.
	snapshot_at timestamptz,
	last_beat_at timestamptz,
	closed_at timestamptz,
	-- Hub time of the first and last recorded event.
	first_event_at timestamptz,
	last_event_at timestamptz,
	events integer NOT NULL DEFAULT 0,
	bytes bigint NOT NULL DEFAULT 0
);
CREATE INDEX page_by_impersonation ON page (impersonation_id, opened_at);

CREATE TABLE view (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	page_id uuid,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	kind text NOT NULL CHECK (kind IN ('page', 'data', 'file')),
	address text NOT NULL,
	subject_type text,
	subject_id uuid,
	subject_label text,
	status integer NOT NULL
);
CREATE INDEX view_by_impersonation ON view (impersonation_id, at, id);

CREATE TABLE watch (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	staff_id uuid NOT NULL REFERENCES staff,
	hub_id uuid NOT NULL,
	joined_at timestamptz NOT NULL DEFAULT now(),
	left_at timestamptz
);
CREATE INDEX watch_open ON watch (impersonation_id) WHERE left_at IS NULL;
CREATE INDEX watch_by_impersonation ON watch (impersonation_id, joined_at);

GRANT SELECT, INSERT, UPDATE ON impersonation, impersonation_pulse, page, watch TO switchback_app;
GRANT SELECT, INSERT ON view TO switchback_app;
