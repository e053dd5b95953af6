-- The credential stopped working: since when and why. The tokens stay.
UPDATE credential
SET disconnected_at = ?2,
    disconnected_why = ?3
WHERE generation = ?1;
