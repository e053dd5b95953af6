-- What became of a change is known. ?3 is the state it reaches, ?4 the reason.
UPDATE plan_change
SET state = ?3, reason = ?4, changed_at = ?5
WHERE plan_id = ?1 AND record_id = ?2 AND state IN ('planned', 'sending');
