-- Which pass over the portal is the latest, how and when did it begin, and is it through?
SELECT generation,
    started_at,
    kind,
    (
        SELECT coalesce(max(later.outcome = 'done'), 0)
        FROM sync_run AS later
        WHERE later.generation = sync_run.generation
    ),
    EXISTS (
        SELECT 1
        FROM sync_run AS first
        INNER JOIN sync_run AS finished ON finished.generation = first.generation
        WHERE first.kind = 'full'
            AND finished.outcome = 'done'
    )
FROM sync_run
ORDER BY generation DESC, run_id
LIMIT 1;
