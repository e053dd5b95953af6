-- What a property is called, and what its choices are called.
SELECT
    property_definition.label,
    option.value ->> '$.value' AS option_value,
    option.value ->> '$.label' AS option_label
FROM property_definition
LEFT JOIN json_each(property_definition.details, '$.options') AS option
WHERE property_definition.object_type = :object_type AND property_definition.name = :property
ORDER BY option.key;
