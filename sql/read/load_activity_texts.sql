-- What was written in notes about each deal, and as the subject of its e-mails, up to the moment :as_of? A
-- text is dated by when it was put into HubSpot, or by the activity's own date where that is later:
-- before that nobody could have read it here.
SELECT
    link.to_id AS deal_id,
    record.object_type,
    max(coalesce(activity.at, 0), coalesce(record.created_at, 0)) AS at,
    coalesce(
        record.properties ->> '$.hs_note_body', record.properties ->> '$.hs_email_subject'
    ) AS text
FROM record
INNER JOIN association AS link
    ON link.from_type = record.object_type
        AND link.from_id = record.record_id
        AND link.to_type = 'deals'
LEFT JOIN activity
    ON activity.object_type = record.object_type
        AND activity.record_id = record.record_id
WHERE record.object_type IN ('notes', 'emails')
    AND coalesce(
        record.properties ->> '$.hs_note_body', record.properties ->> '$.hs_email_subject', ''
    ) <> ''
    AND coalesce(record.archived_at, 9e18) > :as_of
    AND max(coalesce(activity.at, 0), coalesce(record.created_at, 0)) <= :as_of
GROUP BY link.to_id, record.object_type, record.record_id
ORDER BY link.to_id, at, record.object_type, record.record_id;
