-- The latest run that read everything: how fresh is the copy?
SELECT run_id, kind, generation, started_at, finished_at, outcome, error_code, records, calls
FROM sync_run
WHERE outcome = 'done'
ORDER BY run_id DESC
LIMIT 1;
