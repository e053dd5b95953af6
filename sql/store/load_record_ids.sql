-- Which records of a type come after this one? One page of a work list.
SELECT record_id
FROM record
WHERE object_type = ?1
    AND record_id > ?2
    AND archived = 0
ORDER BY record_id
LIMIT ?3;
