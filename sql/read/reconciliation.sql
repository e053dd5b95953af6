-- How do HubSpot's counts and ours compare, type by type and month by month?
SELECT
    object.object_type,
    object.theirs AS type_theirs,
    object.ours AS type_ours,
    object.unplaced,
    object.unavailable,
    object.checked_at AS type_checked_at,
    month.month,
    month.theirs,
    month.ours,
    month.archived,
    month.merged,
    month.purged,
    month.no_access,
    month.newer,
    month.repaired,
    month.unexplained,
    month.checked_at
FROM reconciled_object AS object
LEFT JOIN reconciled_month AS month ON month.object_type = object.object_type
ORDER BY object.position, month.month;
