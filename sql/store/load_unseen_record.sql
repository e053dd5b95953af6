-- Since when is a record out of sight, and what was the token granted while it was not?
SELECT unseen.since, run.scopes
FROM unseen_record AS unseen
LEFT JOIN sync_run AS run ON run.run_id = unseen.last_run
WHERE unseen.object_type = ?1
    AND unseen.record_id = ?2;
