-- What was spent of the portal's day, as of the last saving?
SELECT day, calls, errors, day_limit, remaining, spent_until, paused_until
FROM api_day;
