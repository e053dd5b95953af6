-- Adds a version of what the user declares.
INSERT INTO declared_icp (declared_at, seen_until, declared, name)
VALUES (?1, ?2, ?3, ?4);
