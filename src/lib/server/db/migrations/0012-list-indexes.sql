-- Indexes for the lists of large agencies.

CREATE INDEX client_by_status ON client (agency_id, status, lower(name), id);

-- How many tasks are open at each client, and which are due, without visiting the tasks themselves.
CREATE INDEX task_open ON task (client_id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX task_due ON task (agency_id, due_on, id) INCLUDE (client_id, waiting_on, assignee_staff_id) WHERE status = 'open' AND deleted_at IS NULL;
-- Amounts that are still asked for.
CREATE INDEX invoice_unpaid ON invoice (agency_id, due_on, id) INCLUDE (client_id, currency, total_minor, paid_minor)
	WHERE status = 'open';
CREATE INDEX impersonation_by_start ON impersonation (agency_id, started_at) WHERE started_at IS NOT NULL;
-- The newest of one client, for its home page.
CREATE INDEX task_comment_by_client ON task_comment (client_id, created_at DESC);
CREATE INDEX client_order_step_by_client ON client_order_step (client_id, created_at DESC);

-- The action log, filtered: by what was done, by what was refused, and from a day on (numbers follow time).
CREATE INDEX action_by_name ON action (agency_id, action, seq DESC);
CREATE INDEX action_refused ON action (agency_id, seq DESC) WHERE outcome = 'refused';
CREATE INDEX action_by_time ON action (agency_id, at);
CREATE INDEX action_by_client_kind ON action (agency_id, seq DESC) WHERE actor_kind = 'client';
CREATE INDEX action_by_system_kind ON action (agency_id, seq DESC) WHERE actor_kind = 'system';
-- Which impersonations were refused something.
CREATE INDEX action_refused_inside ON action (agency_id, impersonation_id) WHERE outcome = 'refused' AND actor_kind = 'impersonation';
