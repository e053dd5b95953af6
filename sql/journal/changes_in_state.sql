-- Which changes of a plan are in a state, and come after a record? At most ?4 of them.
SELECT
    record_id,
    old_value,
    new_value,
    state,
    attempts,
    reason
FROM plan_change
WHERE plan_id = ?1 AND state = ?2 AND record_id > ?3
ORDER BY record_id
LIMIT ?4;
