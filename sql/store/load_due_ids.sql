-- Whose associations are to be read again? Records that changed, and every open deal: an
-- association does not move a record's modified date. One page of a work list.
SELECT record_id
FROM record
WHERE object_type = ?1
    AND record_id > ?2
    AND archived = 0
    AND (
        record_id IN (SELECT record_id FROM association_due WHERE object_type = ?1)
        OR (?1 = 'deals' AND record_id IN (SELECT record_id FROM deal WHERE is_closed IS NOT 1))
    )
ORDER BY record_id
LIMIT ?3;
