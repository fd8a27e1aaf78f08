-- Two-person zones: sections of the portal and actions in it (domain/zones.ts) that work, while impersonating, only as long as a
-- second person watches.
ALTER TABLE agency ADD COLUMN zones jsonb NOT NULL DEFAULT '[]';

-- When the watcher's page last said that it is looked at: written every few seconds, in place.
ALTER TABLE watch ADD COLUMN looked_at timestamptz;

-- The zone that was gone to last, and since when it is open; null while nobody else is there.
ALTER TABLE impersonation ADD COLUMN zone text, ADD COLUMN zone_open_at timestamptz;
