-- A property as the portal defines it now.
INSERT INTO property_definition (
    object_type, name, label, type, field_type, group_name, hubspot_defined, calculated, read_only,
    archived, details
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)
ON CONFLICT (object_type, name) DO UPDATE SET
    label = excluded.label,
    type = excluded.type,
    field_type = excluded.field_type,
    group_name = excluded.group_name,
    hubspot_defined = excluded.hubspot_defined,
    calculated = excluded.calculated,
    read_only = excluded.read_only,
    archived = 0,
    details = excluded.details;
