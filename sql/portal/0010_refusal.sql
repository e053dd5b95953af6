-- What HubSpot refuses to let this token read, so that no run asks for it again and again: every refusal
-- counts towards the share of failed calls that HubSpot allows. `what` is an object type, 'schemas', or
-- a stream such as 'pipelines/tickets' of a type that can be read otherwise. `at` is when HubSpot last
-- said so, `scopes` is a JSON list of what the token was granted then.
CREATE TABLE refusal (
    what TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    scopes TEXT NOT NULL CHECK (json_valid(scopes))
) STRICT, WITHOUT ROWID;
