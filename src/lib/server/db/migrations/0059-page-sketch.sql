-- What a recorded page looked like, in boxes without a word: by it a list shows its recording.
CREATE TABLE page_sketch (
	page_id uuid PRIMARY KEY REFERENCES page,
	agency_id uuid NOT NULL REFERENCES agency,
	impersonation_id uuid NOT NULL REFERENCES impersonation,
	-- Hub time, and how long what it shows was on the screen.
	taken_at timestamptz NOT NULL,
	shown_ms integer NOT NULL CHECK (shown_ms >= 0),
	-- The page's viewport in CSS pixels.
	width integer NOT NULL CHECK (width BETWEEN 1 AND 20000),
	height integer NOT NULL CHECK (height BETWEEN 1 AND 20000),
	-- Kind, left, top, width and height of each box, a byte each. They come from a page: whoever writes the row, there are no more.
	boxes bytea NOT NULL CHECK (octet_length(boxes) BETWEEN 5 AND 600 AND octet_length(boxes) % 5 = 0)
);
CREATE INDEX page_sketch_by_impersonation ON page_sketch (impersonation_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON page_sketch TO switchback_app;
