-- Notes a snapshot that is about to be saved.
INSERT INTO snapshot (snapshot_id, portal_id, name, path, taken_at, complete_to)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);
