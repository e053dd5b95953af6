-- A change that was about to leave did not: it waits again, and the try does not count.
UPDATE plan_change
SET state = 'planned', attempts = attempts - 1, changed_at = ?3
WHERE plan_id = ?1 AND record_id = ?2 AND state = 'sending';
