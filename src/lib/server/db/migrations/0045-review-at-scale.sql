-- The review queue and the list of recordings beside a million of each.

-- Why each that is to be judged, or was, asks for a look; with whose it is and how far, so that nothing else is looked through for it.
-- Its statistics tell the rare from the usual: those of jsonb do not.
CREATE FUNCTION review_why(agency uuid, reasons jsonb, judged boolean) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (SELECT array_agg(concat_ws(':', CASE WHEN judged THEN 'done' ELSE 'open' END, agency::text, r ->> 'key'))
		FROM jsonb_array_elements(reasons) AS r);
ALTER TABLE review ADD COLUMN why text[]
	GENERATED ALWAYS AS (CASE WHEN is_queued THEN review_why(agency_id, reasons, verdict IS NOT NULL) END) STORED;
CREATE INDEX review_by_why ON review USING gin (why);

-- What is judged, in each order and narrowed as the queue is.
CREATE INDEX review_done_risk ON review (agency_id, risk DESC, due_at, impersonation_id) WHERE verdict IS NOT NULL;
CREATE INDEX review_done_verdict ON review (agency_id, verdict, reviewed_at DESC, impersonation_id DESC) WHERE verdict IS NOT NULL;
CREATE INDEX review_done_client ON review (client_id, reviewed_at DESC, impersonation_id DESC) WHERE verdict IS NOT NULL;
CREATE INDEX review_done_staff ON review (staff_id, reviewed_at DESC, impersonation_id DESC) WHERE verdict IS NOT NULL;
-- Which, without a look at the reviews themselves.
DROP INDEX review_incomplete;
CREATE INDEX review_incomplete ON review (agency_id, impersonation_id) WHERE is_incomplete;

-- Part of a ticket's number.
CREATE INDEX impersonation_ticket_piece ON impersonation USING gin (ticket gin_trgm_ops) WHERE ticket IS NOT NULL;
CREATE INDEX recording_hold_by_agency ON recording_hold (agency_id);
ANALYZE review;
