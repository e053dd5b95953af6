-- Every model that was trained, the newest first, without what it learnt; and whether it is the one in
-- force for its event, horizon and pipeline.
WITH in_force AS (
    SELECT max(champion.choice) AS choice
    FROM score_champion AS champion
    INNER JOIN score_model AS model ON model.version = champion.version
    GROUP BY model.event, model.horizon_days, model.pipeline_id
)
SELECT
    model.version,
    model.event,
    model.horizon_days,
    model.pipeline_id,
    model.as_of,
    model.trained_at,
    model.published,
    model.settings,
    model.card,
    champion.why
FROM score_model AS model
LEFT JOIN score_champion AS champion
    ON champion.version = model.version
        AND champion.choice IN (SELECT choice FROM in_force)
ORDER BY model.version DESC;
