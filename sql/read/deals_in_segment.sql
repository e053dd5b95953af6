-- The deals of a segment: created from :created_from to :as_of, first put into :pipeline (or any, where
-- it is empty), no existing business, and with every value of :parts as known a day after their
-- creation. Each part names a type's property and the values that it may have, null for unknown. A
-- company's value is that of the primary company, or without one that of any company; a contact's is
-- that of the contact that was created first. No part at all means all deals. :left_out are deals whose end was not on record.
WITH
part AS MATERIALIZED (
    SELECT
        part.key AS part,
        part.value ->> '$.object_type' AS object_type,
        part.value ->> '$.property' AS property,
        part.value -> '$.values' AS accepted,
        part.value ->> '$.bands' AS bands
    FROM json_each(:parts) AS part
),

asked AS MATERIALIZED (
    SELECT
        record.record_id,
        coalesce(deal.created_at, record.created_at) AS created_at
    FROM record
    LEFT JOIN deal ON deal.record_id = record.record_id
    WHERE record.object_type = 'deals'
        AND coalesce(record.gone, '') <> 'merged'
        AND coalesce(record.properties ->> 'dealtype', '') <> 'existingbusiness'
        AND coalesce(deal.created_at, record.created_at) >= CAST(:created_from AS INTEGER)
        AND coalesce(deal.created_at, record.created_at) <= CAST(:as_of AS INTEGER)
        AND record.record_id NOT IN (SELECT value FROM json_each(:left_out))
        AND :pipeline IN (
            '',
            coalesce(
                (
                    SELECT version.value
                    FROM property_version AS version
                    WHERE version.object_type = 'deals'
                        AND version.property = 'pipeline'
                        AND version.record_id = record.record_id
                        AND version.value <> ''
                    ORDER BY version.at, version.value
                    LIMIT 1
                ),
                deal.pipeline_id
            )
        )
),

-- Whose value counts for a deal: its own, its companies', its first contact's.
linked AS MATERIALIZED (
    SELECT
        asked.record_id,
        'deals' AS object_type,
        asked.record_id AS of_id,
        1 AS place
    FROM asked
    UNION ALL
    SELECT
        asked.record_id,
        link.to_type,
        link.to_id,
        CASE
            WHEN link.to_type = 'companies' THEN rank() OVER (
                PARTITION BY asked.record_id, link.to_type
                ORDER BY max(link.category = 'HUBSPOT_DEFINED' AND link.type_id IN (1, 5)) DESC
            )
            ELSE row_number() OVER (
                PARTITION BY asked.record_id, link.to_type
                ORDER BY coalesce(record.created_at, 9e18), link.to_id
            )
        END
    FROM asked
    INNER JOIN association AS link
        ON link.from_type = 'deals'
            AND link.from_id = asked.record_id
            AND link.to_type IN ('companies', 'contacts')
    LEFT JOIN record
        ON record.object_type = link.to_type AND record.record_id = link.to_id
    GROUP BY asked.record_id, link.to_type, link.to_id
),

-- What it said a day after the deal was created, where a history is kept; else what it says now.
said AS (
    SELECT
        asked.record_id,
        part.part,
        part.accepted,
        part.bands,
        trim(CASE
            WHEN EXISTS (
                SELECT 1
                FROM property_version AS version
                WHERE version.object_type = part.object_type
                    AND version.property = part.property
                    AND version.record_id = linked.of_id
            ) THEN (
                SELECT version.value
                FROM property_version AS version
                WHERE version.object_type = part.object_type
                    AND version.property = part.property
                    AND version.record_id = linked.of_id
                    AND version.at <= asked.created_at + 86400000
                ORDER BY version.at DESC, version.value DESC
                LIMIT 1
            )
            ELSE (
                SELECT record.properties ->> part.property
                FROM record
                WHERE record.object_type = part.object_type
                    AND record.record_id = linked.of_id
            )
        END) AS value
    FROM asked
    LEFT JOIN part ON TRUE
    LEFT JOIN linked
        ON linked.record_id = asked.record_id
            AND linked.object_type = part.object_type
            AND linked.place = 1
),

banded AS (
    SELECT
        record_id,
        part,
        accepted,
        CASE
            WHEN value IS NULL OR value = '' THEN NULL
            WHEN bands IS NULL THEN value
            WHEN value GLOB '*[^0-9.]*' THEN NULL
            WHEN CAST(value AS REAL) < 1 THEN NULL
            WHEN CAST(value AS REAL) < 11 THEN '1-10'
            WHEN CAST(value AS REAL) < 51 THEN '11-50'
            WHEN CAST(value AS REAL) < 201 THEN '51-200'
            WHEN CAST(value AS REAL) < 1001 THEN '201-1000'
            WHEN CAST(value AS REAL) < 5001 THEN '1001-5000'
            ELSE '5001+'
        END AS value
    FROM said
)
SELECT
    banded.record_id,
    deal.name,
    deal.amount,
    deal.currency,
    deal.created_at
FROM banded
LEFT JOIN deal ON deal.record_id = banded.record_id
WHERE banded.part IS NULL
    OR EXISTS (
        SELECT 1
        FROM json_each(banded.accepted) AS accepted
        WHERE accepted.value IS banded.value
    )
GROUP BY banded.record_id
HAVING count(DISTINCT banded.part) = (SELECT count(*) FROM part)
ORDER BY banded.record_id;
