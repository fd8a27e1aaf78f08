-- Numbers that pages of a large agency show of everything it has, kept as they change: adding them up anew for each page
-- would cost more the longer an agency lives.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Each change adds a row with its difference and touches no other, so that two changes at once never wait for each other;
-- a job folds rows of one key into one. A number is always the sum of its rows.
CREATE TABLE tally (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	agency_id uuid NOT NULL,
	-- invoice.status, invoice.due, invoice.month, payment, order.status, order.service, task.open
	what text NOT NULL,
	-- A status, a currency, a service or a client, as `what` says.
	part text NOT NULL,
	-- Of due invoices, months and payments; else the epoch.
	day date NOT NULL DEFAULT 'epoch',
	n bigint NOT NULL,
	minor bigint NOT NULL DEFAULT 0,
	-- Of an invoice's month: what was paid of it.
	paid_minor bigint NOT NULL DEFAULT 0
);
CREATE INDEX tally_of_agency ON tally (agency_id, what, part, day) INCLUDE (n, minor, paid_minor);
GRANT SELECT, INSERT, DELETE ON tally TO switchback_app;

-- What one row counts for.
CREATE FUNCTION tallies_of(i invoice) RETURNS TABLE (agency_id uuid, what text, part text, day date, n bigint, minor bigint, paid_minor bigint)
LANGUAGE sql IMMUTABLE AS $$
	SELECT i.agency_id, 'invoice.status', i.status, 'epoch'::date, 1::bigint, 0::bigint, 0::bigint
	UNION ALL SELECT i.agency_id, 'invoice.due', i.currency, i.due_on, 1, i.total_minor - i.paid_minor, 0 WHERE i.status = 'open'
	UNION ALL SELECT i.agency_id, 'invoice.month', i.currency, date_trunc('month', i.issued_on::timestamp)::date, 1, i.total_minor, i.paid_minor
		WHERE i.status IN ('open', 'paid')
$$;
CREATE FUNCTION tallies_of(p payment) RETURNS TABLE (agency_id uuid, what text, part text, day date, n bigint, minor bigint, paid_minor bigint)
LANGUAGE sql IMMUTABLE AS $$
	SELECT p.agency_id, 'payment', p.currency, p.paid_on, 1::bigint, p.amount_minor, 0::bigint
$$;
CREATE FUNCTION tallies_of(o client_order) RETURNS TABLE (agency_id uuid, what text, part text, day date, n bigint, minor bigint, paid_minor bigint)
LANGUAGE sql IMMUTABLE AS $$
	SELECT o.agency_id, 'order.status', o.status, 'epoch'::date, 1::bigint, 0::bigint, 0::bigint
	UNION ALL SELECT o.agency_id, 'order.service', o.service_id::text, 'epoch', 1, 0, 0 WHERE o.service_id IS NOT NULL
$$;
CREATE FUNCTION tallies_of(t task) RETURNS TABLE (agency_id uuid, what text, part text, day date, n bigint, minor bigint, paid_minor bigint)
LANGUAGE sql IMMUTABLE AS $$
	SELECT t.agency_id, 'task.open', t.client_id::text, 'epoch'::date, 1::bigint, 0::bigint, 0::bigint
	WHERE t.status = 'open' AND t.deleted_at IS NULL
$$;

-- The difference between a row before and after; a change that moves no number adds nothing.
DO $do$
DECLARE counted text;
BEGIN
	FOREACH counted IN ARRAY ARRAY['invoice', 'payment', 'client_order', 'task'] LOOP
		EXECUTE format($f$
			CREATE FUNCTION tally_%1$s() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN
				IF TG_OP = 'INSERT' THEN
					INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor) SELECT * FROM tallies_of(NEW);
				ELSIF TG_OP = 'DELETE' THEN
					INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
						SELECT agency_id, what, part, day, -n, -minor, -paid_minor FROM tallies_of(OLD);
				ELSE
					INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
						SELECT agency_id, what, part, day, sum(n), sum(minor), sum(paid_minor) FROM (
							SELECT * FROM tallies_of(NEW)
							UNION ALL SELECT agency_id, what, part, day, -n, -minor, -paid_minor FROM tallies_of(OLD)) both_rows
						GROUP BY agency_id, what, part, day HAVING sum(n) <> 0 OR sum(minor) <> 0 OR sum(paid_minor) <> 0;
				END IF;
				RETURN NULL;
			END $$;
			CREATE TRIGGER tally_rows AFTER INSERT OR UPDATE OR DELETE ON %1$s FOR EACH ROW EXECUTE FUNCTION tally_%1$s();
			$f$, counted);
	END LOOP;
END $do$;

-- All numbers anew, from the rows themselves: for what is there already, and after rows were copied in past the triggers.
CREATE FUNCTION tally_all() RETURNS void LANGUAGE sql AS $$
	DELETE FROM tally;
	INSERT INTO tally (agency_id, what, part, day, n, minor, paid_minor)
		SELECT t.agency_id, t.what, t.part, t.day, sum(t.n), sum(t.minor), sum(t.paid_minor) FROM (
			SELECT x.* FROM invoice i, tallies_of(i) x
			UNION ALL SELECT x.* FROM payment p, tallies_of(p) x
			UNION ALL SELECT x.* FROM client_order o, tallies_of(o) x
			UNION ALL SELECT x.* FROM task k, tallies_of(k) x) t
		GROUP BY t.agency_id, t.what, t.part, t.day;
$$;
SELECT tally_all();

-- When staff were last inside a client's portal. A table of its own, without references: whoever enters holds their impersonation
-- while this is written, and whoever archives a client holds the client while they end its impersonations.
CREATE TABLE client_visit (
	client_id uuid PRIMARY KEY,
	agency_id uuid NOT NULL,
	last_at timestamptz NOT NULL
);
CREATE INDEX client_visit_by_agency ON client_visit (agency_id) INCLUDE (client_id, last_at);
GRANT SELECT, INSERT, UPDATE ON client_visit TO switchback_app;
CREATE FUNCTION note_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO client_visit (client_id, agency_id, last_at) VALUES (NEW.client_id, NEW.agency_id, NEW.started_at)
		ON CONFLICT (client_id) DO UPDATE SET last_at = GREATEST(client_visit.last_at, excluded.last_at);
	RETURN NULL;
END $$;
CREATE TRIGGER note_visit AFTER INSERT OR UPDATE OF started_at ON impersonation FOR EACH ROW
	WHEN (NEW.started_at IS NOT NULL) EXECUTE FUNCTION note_visit();
CREATE FUNCTION all_visits() RETURNS void LANGUAGE sql AS $$
	INSERT INTO client_visit (client_id, agency_id, last_at)
		SELECT i.client_id, i.agency_id, max(i.started_at) FROM impersonation i WHERE i.started_at IS NOT NULL GROUP BY i.client_id, i.agency_id
		ON CONFLICT (client_id) DO UPDATE SET last_at = GREATEST(client_visit.last_at, excluded.last_at);
$$;
SELECT all_visits();

-- Searches for a piece of a name or a number.
CREATE INDEX client_name_piece ON client USING gin (name gin_trgm_ops);
CREATE INDEX contact_piece ON contact USING gin (name gin_trgm_ops, email gin_trgm_ops);
CREATE INDEX invoice_number_piece ON invoice USING gin (number gin_trgm_ops);
CREATE INDEX client_order_piece ON client_order USING gin (number gin_trgm_ops, service_name gin_trgm_ops, package_name gin_trgm_ops);
CREATE INDEX subscription_piece ON subscription USING gin (name gin_trgm_ops);
CREATE INDEX thread_subject_piece ON thread USING gin (subject gin_trgm_ops);

-- The words of a title, kept beside it: where a word is frequent its tasks are found by reading some, and taking each title
-- apart anew would cost more than reading it.
ALTER TABLE task ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED;
DROP INDEX task_words;
CREATE INDEX task_words ON task USING gin (words) WHERE deleted_at IS NULL;

-- Orders of an agency, sorted by what was ordered.
CREATE INDEX client_order_by_service ON client_order (agency_id, lower(service_name), created_at DESC, id);
