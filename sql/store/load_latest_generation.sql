-- Which pass over the portal is the latest, when did it begin, and is it through?
SELECT generation, min(started_at), coalesce(max(outcome = 'done'), 0)
FROM sync_run
GROUP BY generation
ORDER BY generation DESC
LIMIT 1;
