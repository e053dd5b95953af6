-- What happened around the records of the type ?1, such as contacts, by the records' ids. What belongs to
-- one in several ways happened once.
SELECT
    of_id,
    object_type,
    happened_at,
    known_at,
    gone_at,
    direction,
    opened,
    replied,
    automatic
FROM activity_around
WHERE of_type = ?1
GROUP BY of_id, object_type, record_id
ORDER BY of_id;
