-- Who of the staff was ever inside, asked for each of them.
CREATE INDEX impersonation_by_staff ON impersonation (staff_id) WHERE state <> 'pending';
