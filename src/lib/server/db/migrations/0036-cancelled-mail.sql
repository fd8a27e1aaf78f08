-- Cancelled mails whose words are still there, for the job that forgets them.
CREATE INDEX mail_cancelled ON mail (cancelled_at) WHERE cancelled_at IS NOT NULL AND body <> '';
