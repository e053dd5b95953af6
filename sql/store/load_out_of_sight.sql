-- How many records of a type are out of sight, since when, and what was the token granted before that?
SELECT count(*), unseen.since, run.scopes
FROM unseen_record AS unseen
LEFT JOIN sync_run AS run ON run.run_id = unseen.last_run
WHERE unseen.object_type = ?1
GROUP BY unseen.since, run.scopes;
