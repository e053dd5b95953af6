-- Which kinds of association does the portal know between two types?
SELECT
    type_id,
    category,
    label
FROM association_label
WHERE
    from_type = ?1
    AND to_type = ?2
ORDER BY type_id, category;
