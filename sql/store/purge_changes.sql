-- The journal keeps that a purged record was to be changed, and nothing of what it said. What has
-- not been sent never will be.
UPDATE plan_change
SET old_value = NULL,
    new_value = '',
    reason = CASE WHEN state = 'planned' THEN 'purged' END,
    state = CASE WHEN state = 'planned' THEN 'conflict' ELSE state END
WHERE record_id = ?2
    AND plan_id IN (SELECT plan_id FROM plan WHERE object_type = ?1);
