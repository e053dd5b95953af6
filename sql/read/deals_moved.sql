-- What these deals said at two moments: :deals lists their ids, :from and :until are the moments.
-- The rows behind a line of the waterfall. Where a deal was not there at a moment, or where nothing was
-- known of it yet, it has no value then.
WITH
moment (place, at) AS (
    VALUES ('from', CAST(:from AS INTEGER)), ('until', CAST(:until AS INTEGER))
),

asked AS (
    SELECT CAST(value AS INTEGER) AS record_id
    FROM json_each(:deals)
),

stood AS (
    SELECT
        stay.record_id,
        moment.place,
        stay.pipeline_id,
        stay.stage_id
    FROM deal_stages AS stay
    INNER JOIN asked ON asked.record_id = stay.record_id
    INNER JOIN moment
        ON stay.entered_at <= moment.at
            AND coalesce(stay.left_at, 9e18) > moment.at
            AND coalesce(stay.gone_at, 9e18) > moment.at
),

-- With one max(), SQLite takes the other columns from the row that has it.
said AS (
    SELECT
        version.record_id,
        moment.place,
        version.property,
        version.value,
        max(version.at) AS at
    FROM asked
    CROSS JOIN moment
    INNER JOIN property_version AS version
        ON version.object_type = 'deals'
            AND version.property IN (
                'amount', 'closedate', 'deal_currency_code', 'hubspot_owner_id'
            )
            AND version.record_id = asked.record_id
            AND version.at <= moment.at
    GROUP BY version.record_id, moment.place, version.property
),

then_and_now AS (
    SELECT
        stood.record_id,
        stood.place,
        stood.pipeline_id,
        stood.stage_id,
        max(CASE WHEN said.property = 'amount' THEN said.value END) AS amount,
        max(CASE WHEN said.property = 'deal_currency_code' THEN said.value END) AS currency,
        max(CASE WHEN said.property = 'closedate' THEN said.value END) AS close_date,
        max(CASE WHEN said.property = 'hubspot_owner_id' THEN said.value END) AS owner_id
    FROM stood
    LEFT JOIN said
        ON said.record_id = stood.record_id AND said.place = stood.place
    GROUP BY stood.record_id, stood.place
)
SELECT
    asked.record_id,
    deal.name,
    before.pipeline_id AS pipeline_from,
    after.pipeline_id AS pipeline_until,
    before.stage_id AS stage_from,
    after.stage_id AS stage_until,
    before.amount AS amount_from,
    after.amount AS amount_until,
    before.currency AS currency_from,
    after.currency AS currency_until,
    before.close_date AS close_date_from,
    after.close_date AS close_date_until,
    before.owner_id AS owner_from,
    after.owner_id AS owner_until
FROM asked
LEFT JOIN deal ON deal.record_id = asked.record_id
LEFT JOIN then_and_now AS before
    ON before.record_id = asked.record_id AND before.place = 'from'
LEFT JOIN then_and_now AS after
    ON after.record_id = asked.record_id AND after.place = 'until'
ORDER BY asked.record_id;
