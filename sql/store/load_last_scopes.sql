-- The latest run that read everything, and what the token was granted then.
SELECT run_id, scopes
FROM sync_run
WHERE outcome = 'done'
ORDER BY run_id DESC
LIMIT 1;
