-- What are the contacts called now?
SELECT
    record_id,
    coalesce(
        nullif(
            trim(
                coalesce(properties ->> '$.firstname', '')
                || ' '
                || coalesce(properties ->> '$.lastname', '')
            ),
            ''
        ),
        properties ->> '$.email'
    ) AS name
FROM record
WHERE object_type = 'contacts' AND name IS NOT NULL;
