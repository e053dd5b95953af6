-- When anything was last done up to :as_of about each of the deals :deals.
SELECT
    link.to_id AS record_id,
    max(activity.at) AS last_at
FROM json_each(:deals) AS asked
INNER JOIN association AS link
    ON link.to_type = 'deals' AND link.to_id = asked.value
INNER JOIN activity
    ON activity.object_type = link.from_type AND activity.record_id = link.from_id
WHERE activity.at <= CAST(:as_of AS INTEGER)
GROUP BY link.to_id
ORDER BY link.to_id;
