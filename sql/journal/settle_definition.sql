-- A definition moves to state ?3.
UPDATE plan_definition
SET state = ?3
WHERE plan_id = ?1 AND step = ?2;
