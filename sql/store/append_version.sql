-- Remembers a value that a property has had. What is known already stays as it is.
INSERT OR IGNORE INTO property_version (
    object_type, record_id, property, at, value, source_type, source_id, user_id
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
