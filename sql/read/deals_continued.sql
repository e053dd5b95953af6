-- Deals that live on under another id. HubSpot gives what comes of a merge a new id, which carries on the
-- history of one of the two: that one and the new one are the same deal, and count once. The other one
-- was a deal of its own until the merge.
WITH
carried AS (
    SELECT
        merged.record_id,
        merged.survivor_id,
        row_number() OVER (PARTITION BY merged.survivor_id ORDER BY merged.record_id) AS place
    FROM merged_record AS merged
    INNER JOIN record AS survivor
        ON survivor.object_type = 'deals' AND survivor.record_id = merged.survivor_id
    WHERE merged.object_type = 'deals'
        AND EXISTS (
            SELECT 1
            FROM property_version AS own
            WHERE own.object_type = 'deals'
                AND own.property = 'dealstage'
                AND own.record_id = merged.record_id
        )
        -- All that it ever said of its stage, the survivor says too, of the same moments.
        AND NOT EXISTS (
            SELECT 1
            FROM property_version AS own
            WHERE own.object_type = 'deals'
                AND own.property = 'dealstage'
                AND own.record_id = merged.record_id
                AND NOT EXISTS (
                    SELECT 1
                    FROM property_version AS theirs
                    WHERE theirs.object_type = 'deals'
                        AND theirs.property = 'dealstage'
                        AND theirs.record_id = merged.survivor_id
                        AND theirs.at = own.at
                        AND theirs.value = own.value
                )
        )
)
SELECT
    record_id,
    survivor_id
FROM carried
WHERE place = 1;
