-- Signs of life of the hubs that run now. Their watches are real while the row is there; a hub without one for 15 s is dead.
CREATE TABLE hub (
	id uuid PRIMARY KEY,
	seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON hub TO switchback_app;
