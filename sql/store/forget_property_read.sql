-- A property counts as never read: the next run that asks for it reads it of all records.
UPDATE change_cursor
SET properties_read = json_remove(properties_read, '$.values.' || ?2)
WHERE object_type = ?1;
