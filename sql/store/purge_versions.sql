-- Removes all versions of a purged record. The versions are kept by property, so the properties are
-- found by jumps and not by reading them all.
WITH RECURSIVE property (name) AS (
    SELECT min(property) FROM property_version WHERE object_type = ?1
    UNION ALL
    SELECT (
        SELECT min(next.property)
        FROM property_version AS next
        WHERE next.object_type = ?1
            AND next.property > property.name
    )
    FROM property
    WHERE property.name IS NOT NULL
)
DELETE FROM property_version
WHERE object_type = ?1
    AND property IN (SELECT name FROM property WHERE name IS NOT NULL)
    AND record_id = ?2;
