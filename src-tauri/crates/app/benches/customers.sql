-- What reports ask besides the deals of the timeline's own bench: who owns them, which companies and
-- people they are with, why they were lost, and what a few notes say. Runs after that bench's world.
INSERT INTO owner (owner_id, email, first_name, last_name)
WITH RECURSIVE n (i) AS (
    SELECT 1
    UNION ALL
    SELECT i + 1 FROM n WHERE i < 40
)
SELECT i, 'owner-' || i || '@example.com', 'Owner', i FROM n;

INSERT INTO property_definition (object_type, name, label, type, field_type, details)
VALUES
    ('companies', 'industry', 'Industry', 'string', 'text', '{}'),
    ('companies', 'numberofemployees', 'Employees', 'number', 'number', '{}'),
    ('companies', 'country', 'Country', 'string', 'text', '{}'),
    ('deals', 'hs_analytics_source', 'Source', 'string', 'text', '{}'),
    ('deals', 'closed_lost_reason', 'Why it was lost', 'string', 'textarea', '{}');

-- Five deals a company, two deals a person.
INSERT INTO record (object_type, record_id, created_at, updated_at, archived, properties, seen_generation)
SELECT
    'companies', record_id, created_at, created_at, 0,
    json_object(
        'industry', 'Industry ' || (record_id * 7919 % 24),
        'numberofemployees', CAST(5 + record_id * 104729 % 4000 AS TEXT),
        'country', 'Country ' || (record_id * 1299709 % 12)
    ),
    1
FROM deal WHERE record_id % 5 = 0;

INSERT INTO record (object_type, record_id, created_at, updated_at, archived, properties, seen_generation)
SELECT
    'contacts', record_id, created_at, created_at, 0,
    json_object('hs_analytics_source', 'Source ' || (record_id * 7919 % 7)), 1
FROM deal WHERE record_id % 2 = 0;

INSERT INTO association (from_type, from_id, to_type, to_id, type_id, category, seen_generation)
SELECT 'contacts', record_id, 'companies', record_id - record_id % 5, 1, 'HUBSPOT_DEFINED', 1
FROM deal WHERE record_id % 2 = 0;

INSERT INTO association (from_type, from_id, to_type, to_id, type_id, category, seen_generation)
SELECT 'deals', record_id, 'companies', record_id - record_id % 5, 5, 'HUBSPOT_DEFINED', 1 FROM deal;

INSERT INTO association (from_type, from_id, to_type, to_id, type_id, category, seen_generation)
SELECT 'deals', record_id, 'contacts', record_id - record_id % 2, 3, 'HUBSPOT_DEFINED', 1 FROM deal;

UPDATE record SET properties = json_object('hs_analytics_source', 'Source ' || (record_id * 1299709 % 7))
WHERE object_type = 'deals';

INSERT INTO property_version (object_type, property, record_id, at, value, source_type)
SELECT
    'deals', 'closed_lost_reason', version.record_id, version.at,
    CASE version.record_id % 4
        WHEN 0 THEN 'Lost to Kranwerk on price'
        WHEN 1 THEN 'They went with Pumpify'
        ELSE 'No budget this year'
    END,
    'CRM_UI'
FROM property_version AS version
WHERE version.object_type = 'deals' AND version.property = 'dealstage' AND version.value = 'lost';

INSERT INTO competitor_dictionary (version, made_at, what, dictionary)
VALUES (1, 1735689600000, 'add', :competitors);

INSERT INTO sync_run (kind, generation, started_at, finished_at, outcome)
VALUES ('full', 1, :now, :now, 'done');
