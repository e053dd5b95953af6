-- How far does the copy follow each type's changes?
SELECT object_type, fresh_until, settled_until, reconciled_at, gap, properties_read
FROM change_cursor
ORDER BY object_type;
