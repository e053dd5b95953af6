-- What did each deal say in the property :property? All known versions up to the moment :as_of; without
-- any version at all, what it says now, with no time.
SELECT
    record_id,
    at,
    value
FROM property_version
WHERE object_type = 'deals' AND property = :property AND at <= :as_of
UNION ALL
SELECT
    record.record_id,
    NULL AS at,
    record.properties ->> ('$."' || :property || '"') AS value
FROM record
WHERE record.object_type = 'deals'
    AND coalesce(record.properties ->> ('$."' || :property || '"'), '') <> ''
    AND NOT EXISTS (
        SELECT 1
        FROM property_version AS version
        WHERE version.object_type = 'deals'
            AND version.property = :property
            AND version.record_id = record.record_id
    )
ORDER BY record_id, at, value;
