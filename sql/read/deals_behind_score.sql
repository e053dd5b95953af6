-- The deals :deals, a JSON list of their ids: when each was created, and what became of it so far.
SELECT
    listed.value AS record_id,
    deal.name,
    deal.created_at,
    deal.amount,
    deal.currency,
    stage.label AS stage,
    CASE
        WHEN deal.is_won = 1 THEN 'won'
        WHEN deal.is_closed = 1 THEN 'lost'
        ELSE 'open'
    END AS outcome
FROM json_each(:deals) AS listed
LEFT JOIN deal ON deal.record_id = listed.value
LEFT JOIN stage
    ON stage.object_type = 'deals'
        AND stage.pipeline_id = deal.pipeline_id
        AND stage.stage_id = deal.stage_id
GROUP BY listed.value
ORDER BY listed.value;
