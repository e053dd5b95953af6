-- A record that is no longer live: it stays, with what it said, and with the reason.
UPDATE record
SET archived = 1,
    archived_at = coalesce(archived_at, ?3),
    gone = ?4
WHERE object_type = ?1
    AND record_id = ?2;
