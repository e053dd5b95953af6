-- Which live records of a type have no date of creation?
SELECT record_id
FROM record
WHERE object_type = ?1
    AND archived = 0
    AND created_at IS NULL
ORDER BY record_id;
