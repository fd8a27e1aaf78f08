-- Reviews that nobody gave before the recording's last day: closed without a verdict, and counted as due and not done.
ALTER TABLE review ADD COLUMN lapsed_at timestamptz;
DROP INDEX review_by_end;
CREATE INDEX review_by_end ON review (agency_id, ended_at) INCLUDE (is_queued, reviewed_at, verdict, lapsed_at);
