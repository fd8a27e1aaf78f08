-- Who else steers a running impersonation: asked for by a moderator, given by the one inside. One at a time for an impersonation, and one
-- of each moderator. It counts while `until` lies ahead by the database's clock: the hub of the holder's connection renews it, so that it
-- ends with that hub. 'over' counts for a moment longer at the gate, for what was under way. Which page the holder gave an order to last,
-- and when, is the holder's hub's own knowledge: only with it does a row of the log name them as who did something.
CREATE TABLE control (
	id uuid PRIMARY KEY,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL UNIQUE REFERENCES impersonation ON DELETE CASCADE,
	staff_id uuid NOT NULL UNIQUE REFERENCES staff ON DELETE CASCADE,
	staff_session_id uuid NOT NULL,
	hub_id uuid NOT NULL,
	state text NOT NULL CHECK (state IN ('asked', 'held', 'over')),
	asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	until timestamptz NOT NULL,
	ordered_page uuid,
	ordered_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON control TO switchback_app;
