-- The deals of the list :deals, a JSON array of ids, with their loss reasons as they are now.
SELECT
    listed.value AS record_id,
    deal.name,
    record.properties ->> '$.closed_lost_reason' AS closed_lost_reason
FROM json_each(:deals) AS listed
LEFT JOIN deal ON deal.record_id = listed.value
LEFT JOIN record
    ON record.object_type = 'deals' AND record.record_id = listed.value
ORDER BY listed.value;
