-- Erasing is a permission of its own. The built-in roles that hold every permission hold it; whoever made roles of their own grants it.
UPDATE role SET permissions = permissions || ARRAY['erase']
	WHERE built_in AND key IN ('super_admin', 'admin') AND NOT 'erase' = ANY (permissions);

-- A client that was erased keeps its row: the log, impersonations and views name it by its number.
ALTER TABLE client ADD COLUMN erased_at timestamptz;

-- What was opened stays, and when; the words by which it was called, and what stood in its address, may be taken out and nothing else.
CREATE FUNCTION view_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.subject_label IS NOT NULL OR NEW.address <> split_part(split_part(OLD.address, '?', 1), '#', 1)
		OR to_jsonb(NEW) - ARRAY['subject_label', 'address'] <> to_jsonb(OLD) - ARRAY['subject_label', 'address'] THEN
		RAISE EXCEPTION '% on % is refused: of what was looked at only the words may be taken out', TG_OP, TG_TABLE_NAME;
	END IF;
	RETURN NEW;
END $$;
DROP TRIGGER view_only_grows ON view;
CREATE TRIGGER view_only_grows BEFORE DELETE ON view FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER view_keeps BEFORE UPDATE ON view FOR EACH ROW EXECUTE FUNCTION view_keeps();
GRANT UPDATE (subject_label, address) ON view TO switchback_app;
