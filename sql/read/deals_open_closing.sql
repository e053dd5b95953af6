-- The open deals that HubSpot's own weighting counts: those of deals_open whose close date, as known
-- at :as_of, lies from :from to before :until. With HubSpot's probability of their stage.
SELECT
    open.record_id,
    open.name,
    open.pipeline_id,
    open.stage_id,
    open.amount,
    open.currency,
    open.close_date,
    open.owner_id,
    stage.probability
FROM (
    SELECT
        *,
        -- HubSpot spells a close date as ISO 8601, in UTC, or as milliseconds.
        CASE
            WHEN close_date GLOB '[0-9]*' AND close_date NOT LIKE '%-%'
                THEN CAST(close_date AS INTEGER)
            ELSE CAST(round(unixepoch(close_date, 'subsec') * 1000) AS INTEGER)
        END AS closes_at
    FROM deals_open
    WHERE close_date <> ''
) AS open
LEFT JOIN stage
    ON stage.object_type = 'deals'
        AND stage.pipeline_id = open.pipeline_id
        AND stage.stage_id = open.stage_id
WHERE open.closes_at >= CAST(:from AS INTEGER)
    AND open.closes_at < CAST(:until AS INTEGER)
ORDER BY open.record_id;
