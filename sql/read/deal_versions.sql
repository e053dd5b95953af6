-- What did one deal say when, in words where HubSpot has them, oldest first?
SELECT
    version.at,
    coalesce(definition.label, version.property),
    CASE version.property
        WHEN 'dealstage' THEN coalesce(stage.label, version.value)
        WHEN 'pipeline' THEN coalesce(pipeline.label, version.value)
        WHEN 'hubspot_owner_id' THEN coalesce(
            nullif(trim(coalesce(owner.first_name, '') || ' ' || coalesce(owner.last_name, '')), ''),
            version.value
        )
        ELSE version.value
    END,
    version.source_type
FROM property_version AS version
LEFT JOIN property_definition AS definition
    ON definition.object_type = version.object_type AND definition.name = version.property
LEFT JOIN (
    -- A stage's id is unique within the portal; the same id in two pipelines is one label twice.
    SELECT
        stage_id,
        min(label) AS label
    FROM stage
    WHERE object_type = 'deals'
    GROUP BY stage_id
) AS stage ON stage.stage_id = version.value
LEFT JOIN pipeline
    ON pipeline.object_type = version.object_type AND pipeline.pipeline_id = version.value
LEFT JOIN owner ON CAST(owner.owner_id AS TEXT) = version.value
WHERE version.object_type = 'deals' AND version.record_id = ?1
ORDER BY version.at, version.property;
