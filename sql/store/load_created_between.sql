-- Which live records of a type were created in this closed interval?
SELECT record_id
FROM record
WHERE object_type = ?1
    AND archived = 0
    AND created_at BETWEEN ?2 AND ?3
ORDER BY record_id;
