-- Which live records of a type have the most associations to another one?
SELECT association.from_id
FROM association
JOIN record ON record.object_type = association.from_type AND record.record_id = association.from_id
WHERE association.from_type = ?1
    AND association.to_type = ?2
    AND record.archived = 0
GROUP BY association.from_id
ORDER BY count(*) DESC, association.from_id
LIMIT ?3;
