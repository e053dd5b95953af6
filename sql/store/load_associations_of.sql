-- How does this record belong to records of another type?
SELECT to_id, type_id, category, label
FROM association
WHERE from_type = ?1
    AND from_id = ?2
    AND to_type = ?3
ORDER BY to_id, type_id, category;
