-- Adds one change to a plan that is being computed.
INSERT INTO plan_change (plan_id, record_id, old_value, new_value, state, changed_at)
VALUES (?1, ?2, ?3, ?4, 'planned', ?5);
