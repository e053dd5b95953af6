-- HubSpot's own time when a run began, as its answers tell it: what the ends of search windows are made
-- from. NULL for a run that never got an answer, and for those of earlier versions.
ALTER TABLE sync_run ADD COLUMN hubspot_at INTEGER;
