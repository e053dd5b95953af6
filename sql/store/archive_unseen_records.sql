-- Records that a whole pass over their type did not meet: kept, marked archived.
UPDATE record
SET archived = 1,
    gone = 'archived',
    archived_at = coalesce(archived_at, ?3)
WHERE object_type = ?1
    AND seen_generation < ?2
    AND archived = 0;
