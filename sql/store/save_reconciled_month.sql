-- Keeps a month's counts and what explains their difference.
INSERT INTO reconciled_month (
    object_type, month, theirs, ours, archived, merged, purged, no_access, newer, repaired,
    unexplained, checked_at
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);
