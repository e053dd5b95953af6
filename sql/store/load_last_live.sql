-- Which live record of a type is the last?
SELECT record_id
FROM record
WHERE object_type = ?1
    AND archived = 0
ORDER BY record_id DESC
LIMIT 1;
