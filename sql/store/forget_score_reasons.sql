-- Of older scores the number stays, the words go.
UPDATE score SET reasons = NULL WHERE version = ?1 AND as_of < ?2 AND reasons IS NOT NULL;
