-- Records that were associated with this one have to be asked again whom they belong to.
INSERT OR IGNORE INTO association_due (object_type, record_id)
SELECT from_type, from_id
FROM association
WHERE to_type = ?1
    AND to_id = ?2;
