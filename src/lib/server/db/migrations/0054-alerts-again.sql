-- How much it was when people were last told: at twice as much within the hour they are told again.
ALTER TABLE alert ADD COLUMN told integer;
