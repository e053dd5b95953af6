-- Keeps a record as HubSpot told it last. A record that comes back is no longer archived.
INSERT INTO record (
    object_type, record_id, created_at, updated_at, archived, archived_at, properties,
    seen_generation, gone
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?5, 'archived', NULL))
ON CONFLICT (object_type, record_id) DO UPDATE SET
    created_at = excluded.created_at,
    updated_at = excluded.updated_at,
    archived = excluded.archived,
    archived_at = excluded.archived_at,
    properties = excluded.properties,
    seen_generation = excluded.seen_generation,
    gone = excluded.gone;
