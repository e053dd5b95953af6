-- The calls that the latest finished pass over everything cost, over all its runs. NULL where a run
-- of it died with its process, as nobody knows its calls.
SELECT CASE WHEN count(*) = count(finished_at) THEN sum(calls) END
FROM sync_run
WHERE generation = (
    SELECT max(begun.generation)
    FROM sync_run AS begun
    INNER JOIN sync_run AS finished ON finished.generation = begun.generation
    WHERE begun.kind = 'full'
        AND finished.outcome = 'done'
)
HAVING count(*) > 0;
