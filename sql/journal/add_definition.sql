-- Adds a definition that a plan would create.
INSERT INTO plan_definition (plan_id, step, kind, name, wanted, state)
VALUES (?1, ?2, ?3, ?4, ?5, 'planned');
