-- The typed columns of a call, message, e-mail, meeting, note or task.
INSERT OR REPLACE INTO activity (object_type, record_id, at, owner_id, direction, outcome)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);
