-- How many live records of a type were out of sight already when this run ended?
SELECT count(*)
FROM unseen_record AS unseen
INNER JOIN record
    ON record.object_type = unseen.object_type
    AND record.record_id = unseen.record_id
WHERE unseen.object_type = ?1
    AND unseen.last_run IS NOT ?2
    AND record.archived = 0;
