-- Which live records has the comparison of all ids not met, and this pass not read either? One
-- page, in order.
SELECT record_id
FROM record
WHERE object_type = ?1
    AND record_id > ?2
    AND archived = 0
    AND seen_generation < ?4
    AND record_id NOT IN (SELECT record_id FROM met_record WHERE object_type = ?1)
ORDER BY record_id
LIMIT ?3;
