-- What are the deals called now?
SELECT
    record_id,
    name
FROM deal
WHERE name IS NOT NULL;
