-- Which properties of the type :of does the portal define, and which values may they have?
SELECT
    name,
    label,
    type,
    details ->> '$.options' AS options
FROM property_definition
WHERE object_type = :of AND archived = 0
ORDER BY name;
