-- Mails that could not be sent, in each order their list has: a server that refuses everything leaves many of them.
CREATE INDEX mail_failed_by_recipient ON mail (agency_id, recipient, id) WHERE sent_at IS NULL AND failed_at IS NOT NULL;
CREATE INDEX mail_failed_by_subject ON mail (agency_id, lower(subject), id) WHERE sent_at IS NULL AND failed_at IS NOT NULL;
CREATE INDEX mail_failed_by_tries ON mail (agency_id, attempts, id) WHERE sent_at IS NULL AND failed_at IS NOT NULL;
