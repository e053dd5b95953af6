-- A property as the portal defines it now.
INSERT INTO property_definition (
    object_type, name, label, type, field_type, group_name, calculated, read_only, archived, raw
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)
ON CONFLICT (object_type, name) DO UPDATE SET
    label = excluded.label,
    type = excluded.type,
    field_type = excluded.field_type,
    group_name = excluded.group_name,
    calculated = excluded.calculated,
    read_only = excluded.read_only,
    archived = 0,
    raw = excluded.raw;
