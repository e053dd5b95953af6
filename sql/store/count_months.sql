-- How many live records of a type were created in each month, up to a moment? The month '' has
-- those without a date.
SELECT
    coalesce(strftime('%Y-%m', created_at / 1000.0, 'unixepoch'), '') AS month,
    count(*) AS records
FROM record
WHERE object_type = ?1
    AND archived = 0
    AND (created_at IS NULL OR created_at <= ?2)
GROUP BY month;
