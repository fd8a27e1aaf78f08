-- What was over for long when reviews began waits for nobody: it was due before anybody could look.
UPDATE impersonation SET assessed_at = clock_timestamp()
	WHERE state = 'ended' AND assessed_at IS NULL AND ended_at < clock_timestamp() - interval '30 days';

-- When working out its risk failed last: it is tried again later, behind the others.
ALTER TABLE impersonation ADD COLUMN assess_failed_at timestamptz;

-- What was drawn for it, 0 to below 1: with the rules' share it says why it was chosen by chance, or not. Null for what was assessed
-- before it was kept.
ALTER TABLE review ADD COLUMN draw double precision CHECK (draw >= 0 AND draw < 1);
