-- A change is about to leave: committed before its request.
UPDATE plan_change
SET state = 'sending', attempts = attempts + 1, reason = NULL, changed_at = ?3
WHERE plan_id = ?1 AND record_id = ?2 AND state = 'planned';
