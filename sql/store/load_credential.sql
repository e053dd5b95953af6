-- How is this portal reached?
SELECT kind, access_token, refresh_token, issued_at, expires_at, client_id, client_secret, scopes, api_base,
    generation, disconnected_at, disconnected_why
FROM credential;
