-- Orders that the agency's lists can be put in by their column heads, where a table may grow.

-- The longest stays first; one that runs has no length yet.
CREATE INDEX impersonation_by_length ON impersonation (agency_id, (ended_at - started_at), id);
CREATE INDEX thread_by_agency_subject ON thread (agency_id, lower(subject), id);
CREATE INDEX notice_of_staff_by_category ON notice (staff_id, category, created_at DESC, id) WHERE staff_id IS NOT NULL;
