-- Keeps a type's counts.
INSERT INTO reconciled_object (
    object_type, position, theirs, ours, unplaced, unavailable, checked_at
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
