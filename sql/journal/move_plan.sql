-- A plan moves from state ?2 to state ?3; no row changes when it is not in ?2.
-- Moments and the approver are kept where they are given.
UPDATE plan
SET
    state = ?3,
    approved_at = coalesce(?4, approved_at),
    approved_by = coalesce(?5, approved_by),
    applied_at = coalesce(?6, applied_at)
WHERE plan_id = ?1 AND state = ?2;
