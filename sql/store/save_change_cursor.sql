-- How far the copy follows a type's changes. Written in the transaction of the rows it speaks of.
INSERT INTO change_cursor (
    object_type, fresh_until, settled_until, reconciled_at, gap, properties_read
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (object_type) DO UPDATE SET
    fresh_until = excluded.fresh_until,
    settled_until = excluded.settled_until,
    reconciled_at = excluded.reconciled_at,
    gap = excluded.gap,
    properties_read = excluded.properties_read;
