-- When a page's recorded events were removed by retention; its row stays, since views and actions name it.

ALTER TABLE page ADD COLUMN removed_at timestamptz;
CREATE INDEX page_with_recording ON page (impersonation_id) WHERE removed_at IS NULL;
