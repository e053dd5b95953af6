-- HubSpot refused this, once more or for the first time.
INSERT INTO refusal (what, reason, at, scopes)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (what) DO UPDATE SET
    reason = excluded.reason,
    at = excluded.at,
    scopes = excluded.scopes;
