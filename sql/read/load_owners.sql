-- Owners with what names them to a person.
SELECT
    owner_id,
    coalesce(
        nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''),
        email
    ) AS name
FROM owner
ORDER BY owner_id;
