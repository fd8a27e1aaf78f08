-- Staff send files in pieces too: an upload is a contact's or a staff member's, never nobody's and never both's.
ALTER TABLE upload
	ALTER COLUMN contact_id DROP NOT NULL,
	ADD COLUMN staff_id uuid REFERENCES staff,
	ADD CONSTRAINT upload_of_one CHECK (num_nonnulls(contact_id, staff_id) = 1);
