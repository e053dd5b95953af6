-- Deals follow their records.
UPDATE deal
SET archived = 1
WHERE archived = 0
    AND record_id IN (
        SELECT record_id FROM record WHERE object_type = 'deals' AND archived = 1
    );
