-- The review queue and the list of recordings beside a million of each.

-- Why each that is to be judged, or was, asks for a look; with whose it is and how far, so that nothing else is looked through for it.
-- Its statistics tell the rare from the usual: those of jsonb do not.
CREATE FUNCTION review_why(agency uuid, reasons jsonb, judged boolean) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (SELECT array_agg(concat_ws(':', CASE WHEN judged THEN 'done' ELSE 'open' END, agency::text, r ->> 'key'))
		FROM jsonb_array_elements(reasons) AS r);
ALTER TABLE review ADD COLUMN why text[]
	GENERATED ALWAYS AS (CASE WHEN is_queued THEN review_why(agency_id, reasons, verdict IS NOT NULL) END) STORED;
-- Its indexes are built in 0052, beside whoever works.
