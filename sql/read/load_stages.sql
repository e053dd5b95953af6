-- The stages of the deals' pipelines, those included that HubSpot no longer lists.
SELECT
    pipeline_id,
    stage_id,
    label,
    display_order,
    probability,
    closed
FROM stage
WHERE object_type = 'deals'
ORDER BY pipeline_id, display_order, stage_id;
