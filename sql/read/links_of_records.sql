-- Which records of one type belong to which of another, and whether HubSpot calls that company the
-- record's primary one (1 from a contact, 5 from a deal). The copy keeps no time of an association.
SELECT
    from_id,
    to_id,
    max(category = 'HUBSPOT_DEFINED' AND to_type = 'companies' AND type_id IN (1, 5)) AS is_primary
FROM association
WHERE from_type = :from_type AND to_type = :to_type
GROUP BY from_id, to_id
ORDER BY from_id, to_id;
