-- Who had control of an impersonation, for as long as it is kept: `control` forgets them, and the details of the log may be erased. They
-- were inside, and are asked for wherever somebody may not judge, erase or settle what they did themselves (insiders.ts).
CREATE TABLE control_holder (
	impersonation_id uuid NOT NULL REFERENCES impersonation ON DELETE CASCADE,
	staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
	PRIMARY KEY (impersonation_id, staff_id)
);
INSERT INTO control_holder (impersonation_id, staff_id)
	SELECT a.impersonation_id, (x.details::json ->> 'holder')::uuid FROM action a JOIN action_details x ON x.seq = a.seq
	JOIN staff s ON s.id = (x.details::json ->> 'holder')::uuid
	WHERE a.action = 'impersonation.control_given' AND a.outcome = 'done' AND a.impersonation_id IS NOT NULL
	ON CONFLICT DO NOTHING;
GRANT SELECT, INSERT ON control_holder TO switchback_app;
