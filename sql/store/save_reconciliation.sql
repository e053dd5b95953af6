-- Keeps what the last check was.
INSERT INTO reconciliation (only_row, checked_at, since, whole, not_checked)
VALUES (1, ?1, ?2, ?3, ?4)
ON CONFLICT (only_row) DO UPDATE SET
    checked_at = excluded.checked_at,
    since = excluded.since,
    whole = excluded.whole,
    not_checked = excluded.not_checked;
