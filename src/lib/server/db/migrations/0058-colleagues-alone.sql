-- What the use cases refuse, the database refuses as well, whoever writes the row. A check sees its own row only, and so knew the one inside
-- but not who had control of it; these triggers look up one key each, and only where there is something to look up.

-- Control of an impersonation is had by a colleague: of the same agency, and not the one inside.
CREATE FUNCTION require_colleague() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM impersonation i JOIN staff s ON s.agency_id = i.agency_id
			WHERE i.id = NEW.impersonation_id AND s.id = NEW.staff_id AND s.id <> i.staff_id) THEN
		RAISE EXCEPTION 'control of an impersonation is had by a colleague of the one inside' USING ERRCODE = 'check_violation';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER control_by_colleague BEFORE INSERT OR UPDATE OF staff_id, impersonation_id ON control
	FOR EACH ROW EXECUTE FUNCTION require_colleague();
CREATE TRIGGER held_by_colleague BEFORE INSERT OR UPDATE OF staff_id, impersonation_id ON control_holder
	FOR EACH ROW EXECUTE FUNCTION require_colleague();

-- The log names nobody else as who steered. Text that only quotes the word has its quotes escaped; nearly no row is looked at.
CREATE FUNCTION require_steered_by_colleague() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	named json := COALESCE(NEW.details::json -> 'steeredBy', NEW.details::json -> 'heldBy');
BEGIN
	IF named IS NOT NULL AND NOT EXISTS (SELECT FROM action a JOIN staff s ON s.agency_id = a.agency_id
			WHERE a.seq = NEW.seq AND a.actor_kind = 'impersonation' AND s.id::text = named ->> 'staffId' AND s.id <> a.actor_staff_id) THEN
		RAISE EXCEPTION 'an action is steered by a colleague of the one inside' USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $$;
-- Behind the statement, which writes the row of the log and its details at once.
CREATE TRIGGER steered_by_colleague AFTER INSERT ON action_details FOR EACH ROW
	WHEN (NEW.details LIKE '%"steeredBy":%' OR NEW.details LIKE '%"heldBy":%') EXECUTE FUNCTION require_steered_by_colleague();

-- Whoever had control was inside: they judge nothing of it, are given nothing of it to judge, and see to no alert of it. Only where it
-- changes, so that rows from before anybody noted who had control stay as they are.
CREATE FUNCTION require_outsider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM control_holder h WHERE h.impersonation_id = NEW.impersonation_id
			AND h.staff_id::text = to_jsonb(NEW) ->> TG_ARGV[0]) THEN
		RAISE EXCEPTION 'whoever had control was inside: somebody else does this' USING ERRCODE = 'check_violation';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER settled_by_outsider BEFORE UPDATE OF settled_by ON alert FOR EACH ROW
	WHEN (NEW.settled_by IS DISTINCT FROM OLD.settled_by) EXECUTE FUNCTION require_outsider('settled_by');
CREATE TRIGGER reviewed_by_outsider BEFORE UPDATE OF reviewed_by ON review FOR EACH ROW
	WHEN (NEW.reviewed_by IS DISTINCT FROM OLD.reviewed_by) EXECUTE FUNCTION require_outsider('reviewed_by');
CREATE TRIGGER assigned_to_outsider BEFORE UPDATE OF assigned_to ON review FOR EACH ROW
	WHEN (NEW.assigned_to IS DISTINCT FROM OLD.assigned_to) EXECUTE FUNCTION require_outsider('assigned_to');
