-- Every agency has its chain's head from its first moment: the gate links a row in one statement and never has to make the
-- head first, and where a head is missing it refuses the change instead of losing the link.

CREATE FUNCTION begin_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO chain_head (agency_id, hash) VALUES (NEW.id, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
CREATE TRIGGER agency_begins_chain AFTER INSERT ON agency FOR EACH ROW EXECUTE FUNCTION begin_chain();

INSERT INTO chain_head (agency_id, hash) SELECT id, decode(repeat('00', 32), 'hex') FROM agency ON CONFLICT DO NOTHING;
