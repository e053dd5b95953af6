-- The deals of a forecast: those open at :as_of, and those won from :from to before :until.
-- What open and won mean, and how a win is dated, is told in deals_open.sql and deals_won.sql.
-- :won_stages and :closed_stages list ids of stages; :pipeline is one id, or empty.
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

-- What each meant. Of the stage that a deal is in now, the deal's own flags tell.
judged AS (
    SELECT
        staged.record_id,
        staged.at,
        staged.stage_id,
        row_number() OVER (PARTITION BY staged.record_id ORDER BY staged.place) AS back,
        CASE
            WHEN staged.place = 1 AND deal.is_won = 1 THEN 'won'
            WHEN staged.place = 1 AND deal.is_closed = 1 THEN 'lost'
            WHEN staged.place = 1 AND deal.is_closed = 0 THEN 'open'
            WHEN staged.stage_id = '' THEN 'none'
            WHEN staged.stage_id IN (SELECT value FROM json_each(:won_stages)) THEN 'won'
            WHEN staged.stage_id IN (SELECT value FROM json_each(:closed_stages)) THEN 'lost'
            ELSE 'open'
        END AS meant
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

-- When a deal that is won now was last something else, and when it was won.
last_other AS (
    SELECT
        record_id,
        max(CASE WHEN meant <> 'won' THEN at END) AS at
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
    WHERE judged.meant = 'won'
        AND (last_other.at IS NULL OR judged.at > last_other.at)
    GROUP BY judged.record_id
),

close_date AS (
    SELECT
        version.record_id,
        version.value,
        max(version.at)
    FROM entered
    CROSS JOIN ask
    INNER JOIN property_version AS version
        ON version.object_type = 'deals'
            AND version.property = 'closedate'
            AND version.record_id = entered.record_id
            AND version.at <= min(entered.at + 86400000, ask.t)
    WHERE entered.on_arrival
    GROUP BY version.record_id
),

counted AS (
    SELECT
        judged.record_id,
        judged.meant,
        coalesce(entered.stage_id, judged.stage_id) AS stage_id,
        coalesce(entered.at, ask.t) AS seen_at,
        CASE
            WHEN coalesce(close_date.value, '') = '' THEN entered.at
            WHEN close_date.value GLOB '[0-9]*' AND close_date.value NOT LIKE '%-%'
                THEN min(entered.at, CAST(close_date.value AS INTEGER))
            ELSE min(
                entered.at,
                CAST(round(unixepoch(close_date.value, 'subsec') * 1000) AS INTEGER)
            )
        END AS won_at
    FROM judged
    CROSS JOIN ask
    LEFT JOIN entered ON entered.record_id = judged.record_id
    LEFT JOIN close_date ON close_date.record_id = judged.record_id
    WHERE judged.back = 1
),

-- A won deal belongs to the pipeline in which it was won.
pipeline_then AS (
    SELECT
        version.record_id,
        version.value,
        max(version.at)
    FROM counted
    INNER JOIN property_version AS version
        ON version.object_type = 'deals'
            AND version.property = 'pipeline'
            AND version.record_id = counted.record_id
            AND version.at <= counted.seen_at
    GROUP BY version.record_id
)
SELECT
    deal.record_id,
    deal.name,
    counted.meant,
    coalesce(pipeline_then.value, stage.pipeline_id) AS pipeline_id,
    counted.stage_id,
    counted.won_at
FROM counted
CROSS JOIN ask
INNER JOIN deal ON deal.record_id = counted.record_id
INNER JOIN record
    ON record.object_type = 'deals' AND record.record_id = deal.record_id
LEFT JOIN pipeline_then ON pipeline_then.record_id = deal.record_id
LEFT JOIN stage
    ON stage.object_type = 'deals'
        AND stage.stage_id = counted.stage_id
        AND pipeline_then.value IS NULL
WHERE (
    counted.meant = 'open'
    OR (
        counted.meant = 'won'
        AND counted.won_at >= CAST(:from AS INTEGER)
        AND counted.won_at < CAST(:until AS INTEGER)
    )
)
AND NOT (
    record.archived = 1
    AND coalesce(record.archived_at, record.updated_at, record.created_at) <= ask.t
)
AND :pipeline IN ('', coalesce(pipeline_then.value, stage.pipeline_id))
ORDER BY deal.record_id;
