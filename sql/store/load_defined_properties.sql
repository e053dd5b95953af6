-- Which properties does the portal define for a type now, and whose and what are they?
SELECT name, hubspot_defined, type, calculated, read_only
FROM property_definition
WHERE object_type = ?1
    AND archived = 0
ORDER BY name;
