-- As before 0041, with subscriptions; open tasks go to their clients at once, as a fold would take them. All in one statement, and so as of
-- one moment: what is committed meanwhile is neither in the rows that are counted nor among the tallies that go. Nobody waits for it.
CREATE OR REPLACE FUNCTION tally_all() RETURNS void LANGUAGE sql AS $$
	-- Attack: a fold of the same moment, which would be counted twice (tallies.ts takes the same lock).
	SELECT pg_advisory_xact_lock(7294802);
	WITH gone AS (DELETE FROM tally),
		ranked AS (INSERT INTO client_rank (client_id, agency_id, name_key, open_tasks)
			SELECT c.id, c.agency_id, lower(c.name), count(t.id) FROM client c
				LEFT JOIN task t ON t.client_id = c.id AND t.status = 'open' AND t.deleted_at IS NULL GROUP BY c.id
			ON CONFLICT (client_id) DO UPDATE SET open_tasks = excluded.open_tasks)
	INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
		SELECT t.agency_id, t.what, t.part, t.day, sum(t.n), sum(t.minor), sum(t.paid_minor) FROM (
			SELECT x.* FROM invoice i, tallies_of(i) x
			UNION ALL SELECT x.* FROM payment p, tallies_of(p) x
			UNION ALL SELECT x.* FROM client_order o, tallies_of(o) x
			UNION ALL SELECT x.* FROM subscription s, tallies_of(s) x) t
		GROUP BY t.agency_id, t.what, t.part, t.day;
$$;
SELECT tally_all();

CREATE OR REPLACE FUNCTION all_visits() RETURNS void LANGUAGE sql AS $$
	INSERT INTO client_visit (client_id, agency_id, last_at)
		SELECT i.client_id, i.agency_id, max(i.started_at) FROM impersonation i WHERE i.started_at IS NOT NULL GROUP BY i.client_id, i.agency_id
		ON CONFLICT (client_id) DO UPDATE SET last_at = GREATEST(client_visit.last_at, excluded.last_at);
	INSERT INTO client_rank (client_id, agency_id, name_key, last_at)
		SELECT c.id, c.agency_id, lower(c.name), v.last_at FROM client c LEFT JOIN client_visit v ON v.client_id = c.id
		ON CONFLICT (client_id) DO UPDATE SET last_at = GREATEST(client_rank.last_at, excluded.last_at);
$$;
SELECT all_visits();

GRANT DELETE ON tally TO switchback_app;
ANALYZE client_rank;
