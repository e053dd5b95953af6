-- A pipeline as the portal lists it now.
INSERT INTO pipeline (object_type, pipeline_id, label, display_order, archived)
VALUES (?1, ?2, ?3, ?4, 0)
ON CONFLICT (object_type, pipeline_id) DO UPDATE SET
    label = excluded.label,
    display_order = excluded.display_order,
    archived = 0;
