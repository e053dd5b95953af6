-- What a property of a type's records has said, and when, oldest first.
SELECT
    record_id,
    at,
    value
FROM property_version
WHERE object_type = :object_type AND property = :property
ORDER BY record_id, at, value;
