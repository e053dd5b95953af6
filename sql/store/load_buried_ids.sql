-- Which records of a type lie in the recycle bin, as far as is known here? One page, in order.
SELECT record_id
FROM record
WHERE object_type = ?1
    AND record_id > ?2
    AND archived = 1
    AND gone = 'archived'
ORDER BY record_id
LIMIT ?3;
