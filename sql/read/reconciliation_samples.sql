-- What did the records say that were read again?
SELECT object_type, to_type, sampled, compared, missing, surplus, repaired, checked_at
FROM reconciled_sample
ORDER BY position;
