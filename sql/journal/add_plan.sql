-- Begins a plan; its changes follow in the same transaction.
INSERT INTO plan (object_type, property, state, purpose, as_of, unchanged, created_at, undoes)
VALUES (?1, ?2, 'planned', ?3, ?4, ?5, ?6, ?7);
