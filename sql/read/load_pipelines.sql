-- The pipelines of deals.
SELECT
    pipeline_id,
    label,
    display_order
FROM pipeline
WHERE object_type = 'deals'
ORDER BY display_order, pipeline_id;
