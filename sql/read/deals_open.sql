-- The deals that were open at :as_of, with what was known of them then.
-- :closed_stages lists the stages that mean won or lost, each as its pipeline and its id; :pipeline is
-- one id, or empty; :owners lists owners' ids, or is empty.
SELECT
    stay.record_id,
    deal.name,
    stay.pipeline_id,
    stay.stage_id,
    max(CASE WHEN said.property = 'amount' THEN said.value END) AS amount,
    deal.currency,
    max(CASE WHEN said.property = 'closedate' THEN said.value END) AS close_date,
    max(CASE WHEN said.property = 'hubspot_owner_id' THEN said.value END) AS owner_id
FROM deal_stages AS stay
LEFT JOIN deal ON deal.record_id = stay.record_id
-- With one max(), SQLite takes the other columns from the row that has it.
LEFT JOIN (
    SELECT
        record_id,
        property,
        value,
        max(at) AS at
    FROM property_version
    WHERE object_type = 'deals'
        AND property IN ('amount', 'closedate', 'hubspot_owner_id')
        AND at <= CAST(:as_of AS INTEGER)
    GROUP BY property, record_id
) AS said
    ON said.record_id = stay.record_id
WHERE stay.stage_id <> ''
    AND stay.entered_at <= CAST(:as_of AS INTEGER)
    AND (stay.left_at IS NULL OR stay.left_at > CAST(:as_of AS INTEGER))
    AND (stay.gone_at IS NULL OR stay.gone_at > CAST(:as_of AS INTEGER))
    -- Of the stage that a deal is in now, the deal itself tells; of earlier ones the stage does.
    AND CASE
        WHEN stay.says IS NOT NULL THEN stay.says = 'open'
        ELSE json_array(stay.pipeline_id, stay.stage_id)
            NOT IN (SELECT value FROM json_each(:closed_stages))
    END
    AND :pipeline IN ('', stay.pipeline_id)
GROUP BY stay.record_id
HAVING :owners = ''
    OR max(CASE WHEN said.property = 'hubspot_owner_id' THEN said.value END)
    IN (SELECT value FROM json_each(nullif(:owners, '')))
ORDER BY stay.record_id;
