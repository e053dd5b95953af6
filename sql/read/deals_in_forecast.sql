-- The deals of a forecast: those open at :as_of, and those won from :from to before :until.
SELECT
    record_id,
    name,
    'open' AS meant,
    pipeline_id,
    stage_id,
    NULL AS won_at
FROM deals_open
UNION ALL
SELECT
    record_id,
    name,
    'won' AS meant,
    pipeline_id,
    stage_id,
    won_at
FROM deals_won
ORDER BY record_id;
