-- Takes one text out of every activity of a type.
UPDATE record
SET properties = json_remove(properties, '$.' || ?2)
WHERE object_type = ?1 AND json_type(properties, '$.' || ?2) IS NOT NULL;
