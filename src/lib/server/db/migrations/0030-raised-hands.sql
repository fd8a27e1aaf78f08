-- The staff member inside asks the supervisors for help, with a sentence; null while they do not.
ALTER TABLE impersonation ADD COLUMN hand_raised_at timestamptz, ADD COLUMN hand_note text;
