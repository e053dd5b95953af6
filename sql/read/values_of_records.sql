-- What up to eight properties of a type's records say now, and whether a record is gone: merged into
-- another one, or deleted and since when.
SELECT
    record_id,
    created_at,
    gone = 'merged' AS is_merged,
    CASE WHEN archived = 1 THEN coalesce(archived_at, updated_at, created_at) END AS gone_at,
    properties ->> :p1 AS value_1,
    properties ->> :p2 AS value_2,
    properties ->> :p3 AS value_3,
    properties ->> :p4 AS value_4,
    properties ->> :p5 AS value_5,
    properties ->> :p6 AS value_6,
    properties ->> :p7 AS value_7,
    properties ->> :p8 AS value_8
FROM record
WHERE object_type = :object_type
ORDER BY record_id;
