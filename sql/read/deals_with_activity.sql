-- The deals :deals, a JSON list of their ids, and how many activities of each kind were known around
-- each at :as_of.
SELECT
    listed.value AS record_id,
    deal.name,
    count(activity.record_id) FILTER (WHERE activity.object_type = 'meetings') AS meetings,
    count(activity.record_id) FILTER (WHERE activity.object_type = 'calls') AS calls,
    count(activity.record_id) FILTER (
        WHERE activity.object_type = 'emails' AND activity.direction = 'out'
    ) AS emails_sent,
    count(activity.record_id) FILTER (
        WHERE activity.object_type = 'emails' AND activity.direction = 'in'
    ) AS emails_received,
    count(activity.record_id) FILTER (WHERE activity.object_type = 'communications') AS messages,
    count(activity.record_id) FILTER (WHERE activity.object_type = 'tasks') AS tasks,
    count(activity.record_id) FILTER (WHERE activity.object_type = 'notes') AS notes
FROM json_each(:deals) AS listed
LEFT JOIN deal ON deal.record_id = listed.value
LEFT JOIN deal_activity AS activity
    ON activity.deal_id = listed.value
        AND activity.known_at <= CAST(:as_of AS INTEGER)
        AND CAST(:as_of AS INTEGER) < coalesce(activity.gone_at, 9e18)
        AND activity.automatic IS NOT 1
GROUP BY listed.value
ORDER BY listed.value;
