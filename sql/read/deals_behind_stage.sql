-- The deals behind a stage's win rate: those that were in the stage :stage at one of the moments
-- :landmarks or more, and at how many of them.
WITH
landmark AS (
    SELECT value AS at
    FROM json_each(:landmarks)
),

stay AS (
    SELECT
        record_id,
        at AS entered,
        lead(at, 1, 9e18) OVER (PARTITION BY record_id ORDER BY at) AS left_at,
        value AS stage_id
    FROM property_version
    WHERE object_type = 'deals' AND property = 'dealstage'
)
SELECT
    deal.record_id,
    deal.name,
    count(*) AS landmarks
FROM stay
INNER JOIN landmark ON landmark.at >= stay.entered AND landmark.at < stay.left_at
INNER JOIN deal ON deal.record_id = stay.record_id
INNER JOIN record
    ON record.object_type = 'deals' AND record.record_id = deal.record_id
WHERE stay.stage_id = :stage
    AND NOT (
        record.archived = 1
        AND coalesce(record.archived_at, record.updated_at, record.created_at) <= landmark.at
    )
GROUP BY deal.record_id
ORDER BY deal.record_id;
