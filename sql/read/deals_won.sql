-- The deals won from :from to before :until, as known at :as_of: the entry into a won stage after
-- which the deal was in no other stage. A deal that was already won when it arrived is dated by its
-- close date, where that is earlier. The amount is the one known a day after the winning.
-- :won_stages lists the ids of the stages that mean won; :pipeline is one id, or empty.
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

-- Whether each meant won. Of the stage that a deal is in now, the deal's own flags tell.
judged AS (
    SELECT
        staged.record_id,
        staged.at,
        staged.stage_id,
        CASE
            WHEN staged.place = 1 AND deal.is_won = 1 THEN 1
            WHEN staged.place = 1 AND deal.is_closed IS NOT NULL THEN 0
            ELSE staged.stage_id IN (SELECT value FROM json_each(:won_stages))
        END AS is_won
    FROM (
        SELECT
            staged.record_id,
            staged.at,
            staged.stage_id,
            row_number() OVER (
                PARTITION BY staged.record_id
                ORDER BY staged.at DESC, staged.is_now DESC
            ) AS place
        FROM staged
    ) AS staged
    INNER JOIN deal ON deal.record_id = staged.record_id
    CROSS JOIN ask
    WHERE staged.at <= ask.t
),

-- When each deal was last in another kind of stage.
last_other AS (
    SELECT
        record_id,
        max(CASE WHEN is_won = 0 THEN at END) AS at
    FROM judged
    GROUP BY record_id
),

entered AS (
    SELECT
        judged.record_id,
        min(judged.at) AS at,
        judged.stage_id,
        last_other.at IS NULL AS on_arrival
    FROM judged
    INNER JOIN last_other ON last_other.record_id = judged.record_id
    WHERE judged.is_won = 1
        AND (last_other.at IS NULL OR judged.at > last_other.at)
    GROUP BY judged.record_id
),

-- What the other properties said a day later, or at the moment asked for where that is sooner.
said AS (
    SELECT
        record_id,
        max(CASE WHEN property = 'pipeline' THEN value END) AS pipeline_id,
        max(CASE WHEN property = 'amount' THEN value END) AS amount,
        max(CASE WHEN property = 'closedate' THEN value END) AS close_date,
        max(CASE WHEN property = 'hubspot_owner_id' THEN value END) AS owner_id
    FROM (
        SELECT
            version.record_id,
            version.property,
            version.value,
            max(version.at)
        FROM entered
        CROSS JOIN ask
        INNER JOIN property_version AS version
            ON version.object_type = 'deals'
                AND version.property IN ('pipeline', 'amount', 'closedate', 'hubspot_owner_id')
                AND version.record_id = entered.record_id
                AND version.at <= min(entered.at + 86400000, ask.t)
                -- A won deal belongs to the pipeline in which it was won.
                AND (version.property <> 'pipeline' OR version.at <= entered.at)
        GROUP BY version.record_id, version.property
    )
    GROUP BY record_id
),

dated AS (
    SELECT
        entered.record_id,
        entered.stage_id,
        CASE
            WHEN NOT entered.on_arrival OR coalesce(said.close_date, '') = '' THEN entered.at
            WHEN said.close_date GLOB '[0-9]*' AND said.close_date NOT LIKE '%-%'
                THEN min(entered.at, CAST(said.close_date AS INTEGER))
            ELSE min(
                entered.at,
                CAST(round(unixepoch(said.close_date, 'subsec') * 1000) AS INTEGER)
            )
        END AS won_at,
        said.pipeline_id,
        said.amount,
        said.close_date,
        said.owner_id
    FROM entered
    LEFT JOIN said ON said.record_id = entered.record_id
)
SELECT
    deal.record_id,
    deal.name,
    coalesce(dated.pipeline_id, stage.pipeline_id) AS pipeline_id,
    dated.stage_id,
    dated.amount,
    deal.currency,
    dated.close_date,
    dated.owner_id,
    dated.won_at
FROM dated
CROSS JOIN ask
INNER JOIN deal ON deal.record_id = dated.record_id
INNER JOIN record
    ON record.object_type = 'deals' AND record.record_id = deal.record_id
LEFT JOIN stage
    ON stage.object_type = 'deals'
        AND stage.stage_id = dated.stage_id
        AND dated.pipeline_id IS NULL
WHERE dated.won_at >= CAST(:from AS INTEGER)
    AND dated.won_at < CAST(:until AS INTEGER)
    AND NOT (
        record.archived = 1
        AND coalesce(record.archived_at, record.updated_at, record.created_at) <= ask.t
    )
    AND :pipeline IN ('', coalesce(dated.pipeline_id, stage.pipeline_id))
ORDER BY dated.won_at DESC, deal.record_id;
