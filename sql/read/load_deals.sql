-- Every deal as it is now, those that were deleted or merged into another included.
SELECT
    record.record_id,
    deal.name,
    coalesce(deal.created_at, record.created_at) AS created_at,
    record.updated_at,
    record.archived,
    record.archived_at,
    merged_record.survivor_id,
    record.record_id IN (
        SELECT survivor_id
        FROM merged_record
        WHERE object_type = 'deals'
    ) AS of_merge,
    deal.pipeline_id,
    deal.stage_id,
    deal.amount,
    deal.currency,
    deal.home_amount,
    deal.close_at,
    deal.owner_id,
    nullif(record.properties ->> '$.hs_manual_forecast_category', '') AS forecast_category,
    deal.is_closed,
    deal.is_won
FROM record
LEFT JOIN deal ON deal.record_id = record.record_id
LEFT JOIN merged_record
    ON merged_record.object_type = 'deals'
    AND merged_record.record_id = record.record_id
WHERE record.object_type = 'deals'
ORDER BY record.record_id;
