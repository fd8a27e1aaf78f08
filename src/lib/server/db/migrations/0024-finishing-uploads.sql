-- Set while some process makes a file of an upload's pieces, and renewed: a second one must neither do it again nor take
-- the pieces away. What is older than a minute is a dead process's.
ALTER TABLE upload ADD COLUMN finishing_at timestamptz;
