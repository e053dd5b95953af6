-- All versions of one property of deals, in the order of the primary key: nothing is sorted.
SELECT
    record_id,
    at,
    value,
    source_type
FROM property_version
WHERE object_type = 'deals' AND property = :property
ORDER BY record_id, at, value;
