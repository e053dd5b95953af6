-- When was a record made and changed, and is it archived?
SELECT created_at, updated_at, archived, archived_at
FROM record
WHERE object_type = ?1
    AND record_id = ?2;
