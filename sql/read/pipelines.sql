-- Which pipelines can deals be in now, in HubSpot's own order?
SELECT
    pipeline_id,
    label
FROM pipeline
WHERE object_type = 'deals' AND archived = 0
ORDER BY display_order, pipeline_id;
