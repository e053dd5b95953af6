-- Is this record held, and live?
SELECT count(*)
FROM record
WHERE object_type = ?1
    AND record_id = ?2
    AND archived = 0;
