-- Which live record of a type is the first from this id on?
SELECT record_id
FROM record
WHERE object_type = ?1
    AND archived = 0
    AND record_id >= ?2
ORDER BY record_id
LIMIT 1;
