-- Which records of a type does a record of another type belong to, as stored from their side?
SELECT DISTINCT from_id
FROM association
WHERE
    to_type = ?1
    AND to_id = ?2
    AND from_type = ?3;
