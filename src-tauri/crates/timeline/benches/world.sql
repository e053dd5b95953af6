-- A portal for benches: deals that walk through four stages over two years, with their amounts, close
-- dates, owners and activities. `:deals` is replaced by their number, `:haste` by how much faster than
-- in 10 to 50 days they leave a stage, `:fates` by of how many two never end. 7919, 104729 and 1299709
-- are primes: they spread the numbers of the deals.
INSERT INTO pipeline (object_type, pipeline_id, label, display_order)
VALUES ('deals', 'default', 'Sales', 0);

INSERT INTO stage (object_type, pipeline_id, stage_id, label, display_order, probability, closed)
VALUES
    ('deals', 'default', 's0', 'New', 0, 0.1, 0),
    ('deals', 'default', 's1', 'Offer', 1, 0.3, 0),
    ('deals', 'default', 's2', 'Contract', 2, 0.6, 0),
    ('deals', 'default', 'won', 'Won', 3, 1.0, 1),
    ('deals', 'default', 'lost', 'Lost', 4, 0.0, 1);

CREATE TEMP TABLE bench_deal AS
WITH RECURSIVE n (i) AS (
    SELECT 1
    UNION ALL
    SELECT i + 1 FROM n WHERE i < :deals
)
SELECT
    100 + 3 * i AS id,
    1735689600000 + (i * 7919 % 700) * 86400000 + i * 104729 % 86400000 AS created,
    1000 + i * 1299709 % 90000 AS amount,
    (10 + i * 7919 % 41) / :haste AS pace,
    CASE WHEN i % :fates IN (1, 2) THEN 3 WHEN i % :fates % 4 = 3 THEN 0 ELSE 1 END AS fate,
    1 + i % 40 AS owner
FROM n;

-- With five fates one deal is won, two are lost and two stay open.
INSERT INTO record (object_type, record_id, created_at, updated_at, archived, properties, seen_generation)
SELECT 'deals', id, created, created + 4 * pace * 86400000, 0, '{}', 1 FROM bench_deal;

INSERT INTO deal (
    record_id, name, pipeline_id, stage_id, amount, currency, created_at, close_at, owner_id, is_closed, is_won
)
SELECT
    id,
    'Deal ' || id,
    'default',
    CASE fate WHEN 0 THEN 'won' WHEN 1 THEN 'lost' WHEN 2 THEN 'lost' ELSE 's2' END,
    CAST(amount + 500 AS TEXT),
    'EUR',
    created,
    created + 5 * pace * 86400000,
    owner,
    fate < 3,
    fate = 0
FROM bench_deal;

-- Property by property, each in the order of the key.
INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT 'deals', 'amount', id, created + step * pace * 86400000, CAST(amount + 250 * step AS TEXT), 'CRM_UI'
FROM bench_deal CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 2)
ORDER BY id, step;

INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT 'deals', 'closedate', id, created + step * pace * 86400000,
    strftime('%Y-%m-%dT%H:%M:%fZ', (created + (3 + step) * pace * 86400000) / 1000.0, 'unixepoch'), 'CRM_UI'
FROM bench_deal CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
ORDER BY id, step;

INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT 'deals', 'deal_currency_code', id, created, 'EUR', 'CRM_UI' FROM bench_deal ORDER BY id;

INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT 'deals', 'dealstage', id, created + step * pace * 86400000,
    CASE
        WHEN step < 3 THEN 's' || step
        WHEN fate = 0 THEN 'won'
        ELSE 'lost'
    END,
    'CRM_UI'
FROM bench_deal
CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)
WHERE step < 3 OR fate < 3
ORDER BY id, step;

INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT 'deals', 'hubspot_owner_id', id, created, CAST(owner AS TEXT), 'CRM_UI' FROM bench_deal ORDER BY id;

INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT 'deals', 'pipeline', id, created, 'default', 'CRM_UI' FROM bench_deal ORDER BY id;

INSERT INTO deal_activity (
    deal_id, object_type, record_id, happened_at, known_at, direction, opened, replied, automatic
)
SELECT
    id,
    CASE step % 3 WHEN 0 THEN 'calls' WHEN 1 THEN 'emails' ELSE 'notes' END,
    id * 10 + step,
    created + step * pace * 36000000,
    created + step * pace * 36000000,
    CASE step % 2 WHEN 0 THEN 'out' ELSE 'in' END,
    0,
    0,
    NULL
FROM bench_deal
CROSS JOIN (
    SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
    UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
)
ORDER BY id, 2, step;

DROP TABLE bench_deal;
