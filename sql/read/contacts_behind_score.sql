-- The contacts :contacts, a JSON list of their ids: when each was created, its lifecycle stage now, and how
-- many deals it is associated with, and how many of these are won now.
SELECT
    listed.value AS record_id,
    coalesce(
        nullif(
            trim(
                coalesce(contact.properties ->> '$.firstname', '')
                || ' '
                || coalesce(contact.properties ->> '$.lastname', '')
            ),
            ''
        ),
        contact.properties ->> '$.email'
    ) AS name,
    contact.created_at,
    contact.properties ->> '$.lifecyclestage' AS lifecycle_stage,
    count(DISTINCT deal.record_id) AS deals,
    count(DISTINCT CASE WHEN deal.is_won = 1 THEN deal.record_id END) AS won
FROM json_each(:contacts) AS listed
LEFT JOIN record AS contact
    ON contact.object_type = 'contacts' AND contact.record_id = listed.value
LEFT JOIN association AS link
    ON link.from_type = 'deals' AND link.to_type = 'contacts' AND link.to_id = listed.value
LEFT JOIN deal ON deal.record_id = link.from_id
GROUP BY listed.value
ORDER BY listed.value;
