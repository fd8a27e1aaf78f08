-- Of which stays there are no pictures any more: the job that expires recordings does not visit them again, nor are they counted as due.
ALTER TABLE impersonation ADD COLUMN erased_at timestamptz;
UPDATE impersonation i SET erased_at = (SELECT max(g.erased_at) FROM page g WHERE g.impersonation_id = i.id)
	WHERE i.state = 'ended' AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id)
		AND NOT EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL);
DROP INDEX impersonation_by_end;
CREATE INDEX impersonation_by_end ON impersonation (agency_id, ended_at) WHERE state = 'ended' AND erased_at IS NULL;
