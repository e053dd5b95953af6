-- A stage as the portal lists it now, deleted ones among them.
INSERT INTO stage (
    object_type, pipeline_id, stage_id, label, display_order, probability, closed, archived
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (object_type, pipeline_id, stage_id) DO UPDATE SET
    label = excluded.label,
    display_order = excluded.display_order,
    probability = excluded.probability,
    closed = excluded.closed,
    archived = excluded.archived;
