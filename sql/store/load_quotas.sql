-- Every version of every quota that was known at a moment, oldest first.
SELECT
    set_at,
    first_day,
    last_day,
    pipeline_id,
    whose,
    whose_id,
    amount,
    currency
FROM quota
WHERE set_at <= ?1
ORDER BY set_at, quota_id;
