-- The deals won from :from to before :until, as known at :as_of: the entry into a won stage after
-- which the deal was in no other stage. A deal that was already won when it arrived is dated by its
-- close date, where that is earlier. The amount is the one known a day after the winning.
-- :won_stages lists the stages that mean won, each as its pipeline and its id; :pipeline is one id, or
-- empty; :owners lists owners' ids, or is empty. The owner is the one a day after the winning, too.
WITH
-- Whether each stay meant won. Of the stage that a deal is in now, the deal itself tells.
judged AS MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN says IS NOT NULL THEN says = 'won'
            ELSE json_array(pipeline_id, stage_id) IN (SELECT value FROM json_each(:won_stages))
        END AS is_won
    FROM deal_stages
    WHERE entered_at <= CAST(:as_of AS INTEGER)
        AND (gone_at IS NULL OR gone_at > CAST(:as_of AS INTEGER))
),

-- When each deal was last in another kind of stage.
last_other AS (
    SELECT
        record_id,
        max(CASE WHEN is_won = 0 THEN entered_at END) AS at
    FROM judged
    GROUP BY record_id
),

-- A won deal belongs to the pipeline in which it was won: with one min(), SQLite takes the other
-- columns from the row that has it.
entered AS (
    SELECT
        judged.record_id,
        judged.pipeline_id,
        judged.stage_id,
        min(judged.entered_at) AS at,
        last_other.at IS NULL AS on_arrival
    FROM judged
    INNER JOIN last_other ON last_other.record_id = judged.record_id
    WHERE judged.is_won = 1
        AND (last_other.at IS NULL OR judged.entered_at > last_other.at)
    GROUP BY judged.record_id
),

-- What the other properties said a day later, or at the moment asked for where that is sooner.
said AS (
    SELECT
        record_id,
        max(CASE WHEN property = 'amount' THEN value END) AS amount,
        max(CASE WHEN property = 'closedate' THEN value END) AS close_date,
        max(CASE WHEN property = 'hubspot_owner_id' THEN value END) AS owner_id
    FROM (
        SELECT
            version.record_id,
            version.property,
            version.value,
            max(version.at) AS at
        FROM entered
        INNER JOIN property_version AS version
            ON version.object_type = 'deals'
                AND version.property IN ('amount', 'closedate', 'hubspot_owner_id')
                AND version.record_id = entered.record_id
                AND version.at <= min(entered.at + 86400000, CAST(:as_of AS INTEGER))
        GROUP BY version.record_id, version.property
    )
    GROUP BY record_id
),

dated AS (
    SELECT
        entered.record_id,
        entered.pipeline_id,
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
        said.amount,
        said.close_date,
        said.owner_id
    FROM entered
    LEFT JOIN said ON said.record_id = entered.record_id
)
SELECT
    dated.record_id,
    deal.name,
    dated.pipeline_id,
    dated.stage_id,
    dated.amount,
    deal.currency,
    dated.close_date,
    dated.owner_id,
    dated.won_at
FROM dated
LEFT JOIN deal ON deal.record_id = dated.record_id
WHERE dated.won_at >= CAST(:from AS INTEGER)
    AND dated.won_at < CAST(:until AS INTEGER)
    AND :pipeline IN ('', dated.pipeline_id)
    AND (
        :owners = ''
        OR dated.owner_id IN (SELECT value FROM json_each(nullif(:owners, '')))
    )
ORDER BY dated.won_at DESC, dated.record_id;
