-- Every stay of a deal in a stage: from when until when, in the stage of which pipeline, what the deal
-- says itself of the stay that lasts (won, lost, open, or nothing), and since when the deal is gone.
-- The queries that list deals stand on this one.
WITH
now AS (
    SELECT
        record.record_id,
        coalesce(record.updated_at, deal.created_at, record.created_at) AS read_at,
        coalesce(deal.stage_id, '') AS stage_id,
        (
            SELECT max(version.at)
            FROM property_version AS version
            WHERE version.object_type = 'deals'
                AND version.property = 'dealstage'
                AND version.record_id = record.record_id
        ) AS newest_at
    FROM record
    LEFT JOIN deal ON deal.record_id = record.record_id
    WHERE record.object_type = 'deals'
        AND record.record_id NOT IN (SELECT record_id FROM deals_continued)
),

-- What the record says now holds from its newest version on, where that says the same; else HubSpot's
-- history lags behind the record, which is right from its last update on.
said AS (
    SELECT
        record_id,
        at,
        value AS stage_id,
        0 AS is_now
    FROM property_version
    WHERE object_type = 'deals'
        AND property = 'dealstage'
        AND record_id NOT IN (SELECT record_id FROM deals_continued)
    UNION ALL
    SELECT
        now.record_id,
        CASE
            WHEN EXISTS (
                SELECT 1
                FROM property_version AS version
                WHERE version.object_type = 'deals'
                    AND version.property = 'dealstage'
                    AND version.record_id = now.record_id
                    AND version.at = now.newest_at
                    AND version.value = now.stage_id
            ) THEN now.newest_at
            ELSE max(coalesce(now.read_at, now.newest_at), coalesce(now.newest_at, now.read_at))
        END,
        now.stage_id,
        1
    FROM now
    WHERE coalesce(now.read_at, now.newest_at) IS NOT NULL
),

-- Of two values of one moment nothing tells the order, except that the newest is what holds now.
moment AS (
    SELECT
        record_id,
        at,
        stage_id,
        row_number() OVER (
            PARTITION BY record_id, at
            ORDER BY is_now DESC, stage_id DESC
        ) AS place
    FROM said
),

-- A value that is said twice in a row is one stay.
move AS (
    SELECT
        record_id,
        at,
        stage_id,
        lag(stage_id) OVER (PARTITION BY record_id ORDER BY at) AS stage_before
    FROM moment
    WHERE place = 1
),

stay AS (
    SELECT
        record_id,
        at AS entered_at,
        lead(at) OVER (PARTITION BY record_id ORDER BY at) AS left_at,
        stage_id
    FROM move
    WHERE stage_before IS NOT stage_id
),

-- The pipeline that the deal was in, or went to next: a move to another one may be noted a moment
-- after the new stage.
placed AS (
    SELECT
        stay.record_id,
        stay.entered_at,
        stay.left_at,
        stay.stage_id,
        (
            SELECT version.value
            FROM property_version AS version
            WHERE version.object_type = 'deals'
                AND version.property = 'pipeline'
                AND version.record_id = stay.record_id
                AND version.at <= stay.entered_at
            ORDER BY version.at DESC, version.value DESC
            LIMIT 1
        ) AS pipeline_then,
        coalesce(
            (
                SELECT version.value
                FROM property_version AS version
                WHERE version.object_type = 'deals'
                    AND version.property = 'pipeline'
                    AND version.record_id = stay.record_id
                    AND version.at > stay.entered_at
                    AND version.value <> ''
                ORDER BY version.at, version.value
                LIMIT 1
            ),
            deal.pipeline_id
        ) AS pipeline_next
    FROM stay
    LEFT JOIN deal ON deal.record_id = stay.record_id
)
SELECT
    placed.record_id,
    placed.entered_at,
    placed.left_at,
    placed.stage_id,
    -- A stage of this id in that pipeline; else in any; else nobody lists the stage any more.
    coalesce(
        (
            SELECT stage.pipeline_id
            FROM stage
            WHERE stage.object_type = 'deals'
                AND stage.stage_id = placed.stage_id
                AND stage.pipeline_id = placed.pipeline_then
        ),
        (
            SELECT stage.pipeline_id
            FROM stage
            WHERE stage.object_type = 'deals'
                AND stage.stage_id = placed.stage_id
                AND stage.pipeline_id = placed.pipeline_next
        ),
        (
            SELECT min(stage.pipeline_id)
            FROM stage
            WHERE stage.object_type = 'deals' AND stage.stage_id = placed.stage_id
        ),
        nullif(placed.pipeline_then, ''),
        placed.pipeline_next,
        'default'
    ) AS pipeline_id,
    CASE
        WHEN placed.left_at IS NOT NULL OR placed.stage_id = '' THEN NULL
        WHEN deal.is_won = 1 THEN 'won'
        WHEN deal.is_closed = 1 THEN 'lost'
        WHEN deal.is_closed = 0 THEN 'open'
    END AS says,
    CASE
        WHEN record.archived = 1
            THEN coalesce(
                record.archived_at,
                record.updated_at,
                deal.created_at,
                record.created_at
            )
    END AS gone_at
FROM placed
INNER JOIN record
    ON record.object_type = 'deals' AND record.record_id = placed.record_id
LEFT JOIN deal ON deal.record_id = placed.record_id;
