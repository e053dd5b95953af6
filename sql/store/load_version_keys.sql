-- What did a property of this record say when?
SELECT at, value
FROM property_version
WHERE object_type = ?1
    AND property = ?2
    AND record_id = ?3;
