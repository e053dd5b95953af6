-- What does a plan change, record by record?
SELECT
    record_id,
    old_value,
    new_value,
    state,
    attempts,
    reason
FROM plan_change
WHERE plan_id = ?1
ORDER BY record_id;
