-- Mails that were caused inside an impersonation and wait until its receipt sends or cancels each.
ALTER TABLE mail ADD COLUMN held_for uuid REFERENCES impersonation, ADD COLUMN released_at timestamptz,
	ADD COLUMN cancelled_at timestamptz,
	ADD CHECK (held_for IS NOT NULL OR (released_at IS NULL AND cancelled_at IS NULL)),
	ADD CHECK (released_at IS NULL OR cancelled_at IS NULL);
-- Those of one receipt, and those that still wait.
CREATE INDEX mail_of_receipt ON mail (held_for, created_at, id) WHERE held_for IS NOT NULL;
CREATE INDEX mail_held ON mail (created_at) WHERE held_for IS NOT NULL AND released_at IS NULL AND cancelled_at IS NULL;
