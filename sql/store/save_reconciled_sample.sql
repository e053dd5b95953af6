-- Keeps what a sample of records said that was read again.
INSERT INTO reconciled_sample (
    object_type, to_type, position, sampled, compared, missing, surplus, repaired, checked_at
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
