-- Which live records has a whole pass over their type not met? One page, in order.
SELECT record_id
FROM record
WHERE object_type = ?1
    AND record_id > ?2
    AND archived = 0
    AND seen_generation < ?4
ORDER BY record_id
LIMIT ?3;
