-- What is stored of a record?
SELECT updated_at, archived, properties
FROM record
WHERE object_type = ?1
    AND record_id = ?2;
