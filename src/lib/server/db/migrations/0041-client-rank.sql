-- What the list of clients is sorted by beyond their names, one row for each: its first page is read off an index, however many clients an
-- agency has. Without references, as client_visit, so that nobody who holds a client waits for it.
CREATE TABLE client_rank (
	client_id uuid PRIMARY KEY,
	agency_id uuid NOT NULL,
	name_key text NOT NULL,
	-- As of the last fold. What changed since lies in `tally` and belongs to it: the number is the sum of both.
	open_tasks bigint NOT NULL DEFAULT 0,
	-- As client_visit has it, null where nobody was ever inside.
	last_at timestamptz
);
GRANT SELECT, INSERT, UPDATE ON client_rank TO switchback_app;

CREATE FUNCTION note_rank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO client_rank (client_id, agency_id, name_key) VALUES (NEW.id, NEW.agency_id, lower(NEW.name))
		ON CONFLICT (client_id) DO UPDATE SET name_key = excluded.name_key;
	RETURN NULL;
END $$;
CREATE TRIGGER note_rank AFTER INSERT OR UPDATE OF name ON client FOR EACH ROW EXECUTE FUNCTION note_rank();

CREATE OR REPLACE FUNCTION note_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO client_visit (client_id, agency_id, last_at) VALUES (NEW.client_id, NEW.agency_id, NEW.started_at)
		ON CONFLICT (client_id) DO UPDATE SET last_at = GREATEST(client_visit.last_at, excluded.last_at);
	UPDATE client_rank SET last_at = GREATEST(last_at, NEW.started_at) WHERE client_id = NEW.client_id;
	RETURN NULL;
END $$;

-- The trigger locked `client` until here is done, so nothing is counted in this file: 0051 does, while people work.
INSERT INTO client_rank (client_id, agency_id, name_key, last_at)
	SELECT c.id, c.agency_id, lower(c.name), v.last_at FROM client c LEFT JOIN client_visit v ON v.client_id = c.id;

-- Subscriptions by status, and what the running ones cost by currency and period.
CREATE FUNCTION tallies_of(s subscription) RETURNS TABLE (agency_id uuid, what text, part text, day date, n bigint, minor bigint, paid_minor bigint)
LANGUAGE sql IMMUTABLE AS $$
	SELECT s.agency_id, 'subscription.status', s.status, 'epoch'::date, 1::bigint, 0::bigint, 0::bigint
	UNION ALL SELECT s.agency_id, 'subscription.cost', s.currency || ' ' || s.billing, 'epoch', 1, s.price_minor, 0 WHERE s.status = 'active'
$$;
CREATE FUNCTION tally_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
		SELECT agency_id, what, part, day, sum(n), sum(minor), 0 FROM (
			SELECT * FROM tallies_of(NEW) WHERE TG_OP <> 'DELETE'
			UNION ALL SELECT agency_id, what, part, day, -n, -minor, 0 FROM tallies_of(OLD) WHERE TG_OP <> 'INSERT') both_rows
		GROUP BY agency_id, what, part, day HAVING sum(n) <> 0 OR sum(minor) <> 0;
	RETURN NULL;
END $$;
CREATE TRIGGER tally_rows AFTER INSERT OR UPDATE OR DELETE ON subscription FOR EACH ROW EXECUTE FUNCTION tally_subscription();

CREATE INDEX client_rank_most_tasks ON client_rank (agency_id, open_tasks DESC, name_key, client_id);
CREATE INDEX client_rank_fewest_tasks ON client_rank (agency_id, open_tasks, name_key, client_id);
CREATE INDEX client_rank_latest_visit ON client_rank (agency_id, last_at DESC NULLS LAST, name_key, client_id);
CREATE INDEX client_rank_first_visit ON client_rank (agency_id, last_at NULLS FIRST, name_key, client_id);
