-- Indexes for the lists of large agencies.

CREATE INDEX client_by_status ON client (agency_id, status, lower(name), id);

-- How many tasks are open at each client, and which are due, without visiting the tasks themselves.
CREATE INDEX task_open ON task (client_id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX task_due ON task (agency_id, due_on, id) WHERE status = 'open' AND deleted_at IS NULL;
-- Amounts that are still asked for.
CREATE INDEX invoice_unpaid ON invoice (agency_id, due_on, id) INCLUDE (client_id, currency, total_minor, paid_minor)
	WHERE status = 'open';
CREATE INDEX impersonation_by_start ON impersonation (agency_id, started_at) WHERE started_at IS NOT NULL;
