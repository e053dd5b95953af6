-- The latest runs of the sync, newest first.
SELECT run_id, kind, generation, started_at, finished_at, outcome, error_code, records, calls
FROM sync_run
ORDER BY run_id DESC
LIMIT ?1;
