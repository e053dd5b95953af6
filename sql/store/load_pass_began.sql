-- When did a pass begin by HubSpot's own time? Its first run that got an answer says so.
SELECT hubspot_at
FROM sync_run
WHERE generation = ?1
    AND hubspot_at IS NOT NULL
ORDER BY run_id
LIMIT 1;
