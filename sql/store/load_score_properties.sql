-- Which further properties do scores learn from?
SELECT properties
FROM score_properties
WHERE event = ?1
ORDER BY choice DESC
LIMIT 1;
