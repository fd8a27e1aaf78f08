-- A supervisor allows nothing but looking; null while the staff member may switch to Act.
ALTER TABLE impersonation ADD COLUMN view_only_at timestamptz, ADD COLUMN view_only_by uuid REFERENCES staff (id);
