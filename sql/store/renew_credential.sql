-- Renewed tokens, unless somebody else was faster. Where HubSpot sent no refresh token or named no
-- scopes, the old ones stay in force.
UPDATE credential
SET access_token = ?2,
    refresh_token = coalesce(?3, refresh_token),
    issued_at = ?4,
    expires_at = ?5,
    scopes = coalesce(?6, scopes),
    generation = generation + 1,
    disconnected_at = NULL,
    disconnected_why = NULL
WHERE generation = ?1
RETURNING generation;
