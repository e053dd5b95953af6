-- Which plans are there, newest first, and how many of their changes are in which state?
-- ?1: a plan's number to ask for that one alone, or NULL for all.
SELECT
    plan.plan_id,
    plan.object_type,
    plan.property,
    plan.state,
    plan.purpose,
    plan.as_of,
    plan.unchanged,
    plan.created_at,
    plan.approved_at,
    plan.approved_by,
    plan.applied_at,
    plan.undoes,
    count(*) FILTER (WHERE plan_change.state = 'planned') AS planned,
    count(*) FILTER (WHERE plan_change.state = 'sending') AS sending,
    count(*) FILTER (WHERE plan_change.state = 'confirmed') AS confirmed,
    count(*) FILTER (WHERE plan_change.state = 'failed') AS failed,
    count(*) FILTER (WHERE plan_change.state = 'conflict') AS conflict
FROM plan
LEFT JOIN plan_change ON plan_change.plan_id = plan.plan_id
WHERE ?1 IS NULL OR plan.plan_id = ?1
GROUP BY plan.plan_id
ORDER BY plan.plan_id DESC;
