-- Indexes for the lists of large agencies.

CREATE INDEX client_by_status ON client (agency_id, status, lower(name), id);
