-- no transaction
-- Built beside whoever works: an index of `impersonation` made within a transaction holds up each freeze, end and start until it is whole,
-- in an upgrade in which no session ends.

CREATE INDEX CONCURRENTLY review_by_why ON review USING gin (why);

-- What is judged, in each order and narrowed as the queue is.
CREATE INDEX CONCURRENTLY review_done_risk ON review (agency_id, risk DESC, due_at, impersonation_id) WHERE verdict IS NOT NULL;
CREATE INDEX CONCURRENTLY review_done_verdict ON review (agency_id, verdict, reviewed_at DESC, impersonation_id DESC) WHERE verdict IS NOT NULL;
CREATE INDEX CONCURRENTLY review_done_client ON review (client_id, reviewed_at DESC, impersonation_id DESC) WHERE verdict IS NOT NULL;
CREATE INDEX CONCURRENTLY review_done_staff ON review (staff_id, reviewed_at DESC, impersonation_id DESC) WHERE verdict IS NOT NULL;
-- Which, without a look at the reviews themselves; in place of `review_incomplete`.
CREATE INDEX CONCURRENTLY review_missing ON review (agency_id, impersonation_id) WHERE is_incomplete;
DROP INDEX CONCURRENTLY IF EXISTS review_incomplete;

-- Part of a ticket's number.
CREATE INDEX CONCURRENTLY impersonation_ticket_piece ON impersonation USING gin (ticket gin_trgm_ops) WHERE ticket IS NOT NULL;
CREATE INDEX CONCURRENTLY recording_hold_by_agency ON recording_hold (agency_id);
ANALYZE review;
