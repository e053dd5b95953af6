-- What did HubSpot refuse, why, when, and to a token with which scopes?
SELECT what, reason, at, scopes
FROM refusal
ORDER BY what;
