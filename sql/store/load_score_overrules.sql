-- The suspected columns that are let in, and why.
SELECT column_name, reason
FROM score_overrule
WHERE event = ?1
    AND overrule IN (
        SELECT max(overrule) FROM score_overrule WHERE event = ?1 GROUP BY column_name
    )
    AND reason <> ''
ORDER BY column_name;
