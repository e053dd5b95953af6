-- Which record does an id lead to? Merges of merges are followed to their end.
WITH RECURSIVE chain (record_id, step) AS (
    VALUES (?2, 0)
    UNION ALL
    SELECT merged_record.survivor_id, chain.step + 1
    FROM chain
    INNER JOIN merged_record
        ON merged_record.object_type = ?1
        AND merged_record.record_id = chain.record_id
    WHERE chain.step < 1000
)
SELECT record_id
FROM chain
ORDER BY step DESC
LIMIT 1;
