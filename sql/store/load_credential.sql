-- How is this portal reached?
SELECT kind, access_token, refresh_token, expires_at, client_id, client_secret, scopes, api_base,
    generation, disconnected_at, disconnected_why
FROM credential;
