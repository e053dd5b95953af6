-- The company of each deal that has one: the primary one, else the one with the lowest id.
SELECT
    from_id AS deal_id,
    coalesce(min(CASE WHEN type_id = 5 AND category = 'HUBSPOT_DEFINED' THEN to_id END), min(to_id))
        AS company_id
FROM association
WHERE from_type = 'deals' AND to_type = 'companies'
GROUP BY from_id;
