-- What happened around deals, in the order of the primary key: one pass, nothing is sorted.
SELECT
    deal_id,
    object_type,
    happened_at,
    known_at,
    gone_at,
    direction,
    opened,
    replied,
    automatic
FROM deal_activity
ORDER BY deal_id;
