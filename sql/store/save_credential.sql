-- A new connection: whatever was there is replaced, and a renewal under way loses.
INSERT INTO credential (
    only_row, kind, access_token, refresh_token, issued_at, expires_at, client_id, client_secret,
    scopes, api_base, generation
)
VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)
ON CONFLICT (only_row) DO UPDATE SET
    kind = excluded.kind,
    access_token = excluded.access_token,
    refresh_token = excluded.refresh_token,
    issued_at = excluded.issued_at,
    expires_at = excluded.expires_at,
    client_id = excluded.client_id,
    client_secret = excluded.client_secret,
    scopes = excluded.scopes,
    api_base = excluded.api_base,
    generation = credential.generation + 1,
    disconnected_at = NULL,
    disconnected_why = NULL
RETURNING generation;
