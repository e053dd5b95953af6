-- Which records were merged into this one, and into those, however long ago?
WITH RECURSIVE loser (record_id) AS (
    SELECT record_id
    FROM merged_record
    WHERE object_type = ?1
        AND survivor_id = ?2
    UNION
    SELECT merged_record.record_id
    FROM loser
    INNER JOIN merged_record
        ON merged_record.object_type = ?1
        AND merged_record.survivor_id = loser.record_id
)
SELECT record_id
FROM loser
WHERE record_id <> ?2;
