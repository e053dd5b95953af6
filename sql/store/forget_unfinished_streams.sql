-- What is half read of a type is begun again, so that no part of it is read by other rules than the
-- rest.
DELETE FROM sync_cursor
WHERE done = 0 AND unavailable IS NULL AND stream IN ('records/' || ?1, 'backfill/' || ?1);
