-- What was spent of the portal's day by now.
INSERT INTO api_day (only_row, day, calls, errors, day_limit, remaining, spent_until, paused_until)
VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (only_row) DO UPDATE SET
    day = excluded.day,
    calls = excluded.calls,
    errors = excluded.errors,
    day_limit = excluded.day_limit,
    remaining = excluded.remaining,
    spent_until = excluded.spent_until,
    paused_until = excluded.paused_until;
