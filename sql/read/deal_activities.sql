-- How many activities of each type belong to one deal? ?2 is the deal's object type.
SELECT
    from_type,
    count(DISTINCT from_id)
FROM association
WHERE
    to_type = ?2
    AND to_id = ?1
    AND from_type IN ('calls', 'communications', 'emails', 'meetings', 'notes', 'tasks')
GROUP BY from_type
ORDER BY from_type;
