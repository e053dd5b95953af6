-- Removes what was said of a purged record, by models that tell of its type.
DELETE FROM score
WHERE record_id = ?2
    AND version IN (
        SELECT version FROM score_model
        WHERE event = CASE ?1 WHEN 'deals' THEN 'deal_won' WHEN 'contacts' THEN 'contact_won' END
    );
