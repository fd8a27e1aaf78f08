-- How long recordings are kept, where an agency or one of its clients is to differ from the installation's own number of days.
ALTER TABLE agency ADD COLUMN recording_days integer CHECK (recording_days BETWEEN 1 AND 3650);
ALTER TABLE client ADD COLUMN recording_days integer CHECK (recording_days BETWEEN 1 AND 3650);

-- While a client is held, neither a job nor anybody erases what is the client's.
CREATE TABLE client_hold (
	client_id uuid PRIMARY KEY REFERENCES client,
	agency_id uuid NOT NULL REFERENCES agency,
	held_by uuid NOT NULL REFERENCES staff,
	reason text NOT NULL,
	held_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX client_hold_by_agency ON client_hold (agency_id);
CREATE INDEX client_with_days ON client (agency_id) WHERE recording_days IS NOT NULL;
GRANT SELECT, INSERT, DELETE ON client_hold TO switchback_app;

-- When each job of housekeeping ran last, and what became of it: one row a job.
CREATE TABLE job_run (
	job text PRIMARY KEY,
	started_at timestamptz NOT NULL,
	ended_at timestamptz,
	-- How many things it removed; null where it failed.
	done integer,
	failure text
);
GRANT SELECT, INSERT, UPDATE ON job_run TO switchback_app;

-- What ran out is found by its end.
CREATE INDEX impersonation_by_end ON impersonation (agency_id, ended_at) WHERE state = 'ended';
