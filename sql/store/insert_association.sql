-- One association of a record; a record may be tied to another in several ways.
INSERT OR REPLACE INTO association (
    from_type, from_id, to_type, to_id, type_id, category, label, seen_generation
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
