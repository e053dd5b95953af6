-- What was spent of the portal's day at HubSpot. One row: a new day replaces the last one's.
-- `day` is a date in the portal's time zone, such as 2026-11-21. `day_limit` and `remaining` are what
-- HubSpot's headers told last; OAuth apps are told neither.
CREATE TABLE api_day (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    day TEXT NOT NULL,
    calls INTEGER NOT NULL CHECK (calls >= 0),
    errors INTEGER NOT NULL CHECK (errors BETWEEN 0 AND calls),
    day_limit INTEGER,
    remaining INTEGER,
    spent_until INTEGER,
    paused_until INTEGER
) STRICT;
