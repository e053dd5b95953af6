-- The open deals that HubSpot's own weighting counts: those whose close date, as known at :as_of,
-- lies from :from to before :until. With HubSpot's probability of their stage.
-- :closed_stages lists the ids of the stages that mean won or lost; :pipeline is one id, or empty.
WITH
ask AS (
    SELECT
        CAST(:as_of AS INTEGER) AS t
),

-- Every stage that a deal has had. What the record says now counts as its newest version, for the
-- case that HubSpot's history lags behind the record.
staged AS (
    SELECT
        record_id,
        at,
        value AS stage_id,
        0 AS is_now
    FROM property_version
    WHERE object_type = 'deals' AND property = 'dealstage'
    UNION ALL
    SELECT
        deal.record_id,
        max(
            coalesce(record.updated_at, record.created_at),
            coalesce(
                (
                    SELECT max(version.at)
                    FROM property_version AS version
                    WHERE version.object_type = 'deals'
                        AND version.property = 'dealstage'
                        AND version.record_id = deal.record_id
                ),
                record.created_at
            )
        ),
        deal.stage_id,
        1
    FROM deal
    INNER JOIN record
        ON record.object_type = 'deals' AND record.record_id = deal.record_id
    WHERE deal.stage_id IS NOT NULL
),

-- The newest of them at the moment, and whether a newer one followed.
then_staged AS (
    SELECT
        record_id,
        stage_id,
        is_newest
    FROM (
        SELECT
            staged.record_id,
            staged.stage_id,
            staged.at,
            row_number() OVER newest_first = 1 AS is_newest,
            row_number() OVER (
                PARTITION BY staged.record_id, staged.at <= ask.t
                ORDER BY staged.at DESC, staged.is_now DESC
            ) AS place
        FROM staged, ask
        WINDOW newest_first AS (
            PARTITION BY staged.record_id
            ORDER BY staged.at DESC, staged.is_now DESC
        )
    ), ask
    WHERE place = 1 AND at <= ask.t
),

-- What the other properties said at the moment.
said AS (
    SELECT
        record_id,
        max(CASE WHEN property = 'pipeline' THEN value END) AS pipeline_id,
        max(CASE WHEN property = 'amount' THEN value END) AS amount,
        max(CASE WHEN property = 'closedate' THEN value END) AS close_date,
        max(CASE WHEN property = 'hubspot_owner_id' THEN value END) AS owner_id
    FROM (
        SELECT
            record_id,
            property,
            value,
            max(at)
        FROM property_version, ask
        WHERE object_type = 'deals'
            AND property IN ('pipeline', 'amount', 'closedate', 'hubspot_owner_id')
            AND at <= ask.t
        GROUP BY record_id, property
    )
    GROUP BY record_id
),

-- The close date as a moment. HubSpot spells it as ISO 8601, in UTC, or as milliseconds.
closing AS (
    SELECT
        record_id,
        CASE
            WHEN close_date GLOB '[0-9]*' AND close_date NOT LIKE '%-%'
                THEN CAST(close_date AS INTEGER)
            ELSE CAST(round(unixepoch(close_date, 'subsec') * 1000) AS INTEGER)
        END AS at
    FROM said
    WHERE close_date <> ''
)
SELECT
    deal.record_id,
    deal.name,
    coalesce(said.pipeline_id, stage.pipeline_id) AS pipeline_id,
    then_staged.stage_id,
    said.amount,
    deal.currency,
    said.close_date,
    said.owner_id,
    stage.probability
FROM then_staged
CROSS JOIN ask
INNER JOIN deal ON deal.record_id = then_staged.record_id
INNER JOIN record
    ON record.object_type = 'deals' AND record.record_id = deal.record_id
LEFT JOIN said ON said.record_id = deal.record_id
INNER JOIN closing ON closing.record_id = deal.record_id
LEFT JOIN stage
    ON stage.object_type = 'deals'
        AND stage.stage_id = then_staged.stage_id
        AND stage.pipeline_id = coalesce(said.pipeline_id, stage.pipeline_id)
WHERE
    -- Of the stage that a deal is in now, the deal's own flag tells; of earlier ones the stage does.
    CASE
        WHEN then_staged.is_newest AND deal.is_won = 1 THEN 0
        WHEN then_staged.is_newest AND deal.is_closed IS NOT NULL THEN deal.is_closed = 0
        ELSE then_staged.stage_id <> ''
            AND then_staged.stage_id NOT IN (SELECT value FROM json_each(:closed_stages))
    END
    -- Not deleted by then.
    AND NOT (
        record.archived = 1
        AND coalesce(record.archived_at, record.updated_at, record.created_at) <= ask.t
    )
    AND :pipeline IN ('', coalesce(said.pipeline_id, stage.pipeline_id))
    AND closing.at >= CAST(:from AS INTEGER)
    AND closing.at < CAST(:until AS INTEGER)
ORDER BY deal.record_id;
