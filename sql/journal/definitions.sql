-- What must exist in HubSpot before a plan's first value can be written?
SELECT
    step,
    kind,
    name,
    wanted,
    state
FROM plan_definition
WHERE plan_id = ?1
ORDER BY step;
