-- Which company is each deal with, and which segment is it in? The company is the one that HubSpot calls
-- the primary one, else the one of the lowest id. The segment is the property :property of the deals, or
-- of the companies, as :of says; as it is now, for its past is not known.
WITH company AS (
    SELECT
        from_id AS deal_id,
        to_id AS company_id,
        row_number() OVER (
            PARTITION BY from_id
            ORDER BY category = 'HUBSPOT_DEFINED' AND type_id = 5 DESC, to_id
        ) AS place
    FROM association
    WHERE from_type = 'deals' AND to_type = 'companies'
)

SELECT
    deal.record_id,
    company.company_id,
    CASE :of
        WHEN 'deals' THEN deal.properties ->> ('$."' || :property || '"')
        WHEN 'companies' THEN firm.properties ->> ('$."' || :property || '"')
    END AS segment
FROM record AS deal
LEFT JOIN company
    ON company.deal_id = deal.record_id AND company.place = 1
LEFT JOIN record AS firm
    ON firm.object_type = 'companies' AND firm.record_id = company.company_id
WHERE deal.object_type = 'deals'
ORDER BY deal.record_id;
