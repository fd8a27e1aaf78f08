-- Until all is counted anew (0051) no process folds tallies, also not one of the version before, which asks for no lock: a fold beside the
-- count would leave what it added up as a row that the count has in it already, and count it twice for good. Changes go on.
-- Waits for those under way and keeps nobody: a fold that queues here finds the right gone.
LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE;
REVOKE DELETE ON tally FROM switchback_app;
