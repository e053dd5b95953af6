-- What a model said of the records that it scored last.
SELECT
    record_id,
    as_of,
    scored_at,
    probability,
    percentile,
    band,
    reasons
FROM score
WHERE version = ?1 AND as_of = (SELECT max(as_of) FROM score WHERE version = ?1)
ORDER BY probability DESC, record_id;
