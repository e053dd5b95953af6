-- The credential works: a refusal of it that was noted before is over.
UPDATE credential
SET disconnected_at = NULL,
    disconnected_why = NULL
WHERE generation = ?1;
