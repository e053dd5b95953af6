-- The deals behind a stage's win rate: those that were open in the stage :stage of the pipeline
-- :stage_pipeline at one of the moments :landmarks or more, and at how many of them.
SELECT
    stay.record_id,
    deal.name,
    count(*) AS landmarks
FROM deal_stages AS stay
INNER JOIN json_each(:landmarks) AS landmark
    ON landmark.value >= stay.entered_at
        AND landmark.value < coalesce(stay.left_at, 9e18)
        AND landmark.value < coalesce(stay.gone_at, 9e18)
LEFT JOIN deal ON deal.record_id = stay.record_id
WHERE stay.stage_id = :stage
    AND stay.pipeline_id = :stage_pipeline
    AND coalesce(stay.says, 'open') = 'open'
GROUP BY stay.record_id
ORDER BY stay.record_id;
