-- What the user has declared, newest first.
SELECT
    version,
    declared_at,
    seen_until,
    declared,
    name
FROM declared_icp
ORDER BY version DESC;
