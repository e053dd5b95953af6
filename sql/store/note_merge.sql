-- An id leads to another record from now on. When it was first noticed stays.
INSERT INTO merged_record (object_type, record_id, survivor_id, at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (object_type, record_id) DO UPDATE SET
    survivor_id = excluded.survivor_id;
