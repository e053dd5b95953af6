-- The copy of one HubSpot portal: what its records say, what they said when, and how they belong
-- together. Times are milliseconds since 1970 UTC. Ids are HubSpot's own numbers.

-- One row: which portal this file belongs to. Every start compares it with what was asked for.
CREATE TABLE portal (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    portal_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    home_currency TEXT NOT NULL,
    account_type TEXT,
    ui_domain TEXT,
    data_hosting TEXT,
    read_at INTEGER NOT NULL
) STRICT;

-- How this portal is reached. One row; the file is encrypted, so the tokens are too.
-- `generation` counts refreshes: a writer that did not see the newest token loses.
CREATE TABLE credential (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    kind TEXT NOT NULL CHECK (kind IN ('static_token', 'own_app')),
    access_token TEXT NOT NULL,
    refresh_token TEXT,
    issued_at INTEGER,
    expires_at INTEGER,
    client_id TEXT,
    client_secret TEXT,
    scopes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(scopes)),
    api_base TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    disconnected_at INTEGER,
    disconnected_why TEXT
) STRICT;

-- A record of any type, with the raw text of every property that was asked for.
CREATE TABLE record (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    created_at INTEGER,
    updated_at INTEGER,
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    archived_at INTEGER,
    properties TEXT NOT NULL CHECK (json_valid(properties)),
    seen_generation INTEGER NOT NULL,
    PRIMARY KEY (object_type, record_id)
) STRICT, WITHOUT ROWID;

-- Typed columns of deals, beside the raw text in `record`. A value that does not parse is NULL here
-- and still readable there.
CREATE TABLE deal (
    record_id INTEGER PRIMARY KEY,
    name TEXT,
    pipeline_id TEXT,
    stage_id TEXT,
    amount TEXT,
    currency TEXT,
    home_amount TEXT,
    created_at INTEGER,
    close_at INTEGER,
    owner_id INTEGER,
    is_closed INTEGER CHECK (is_closed IN (0, 1)),
    is_won INTEGER CHECK (is_won IN (0, 1)),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1))
) STRICT;

CREATE INDEX deal_by_stage ON deal (pipeline_id, stage_id);

-- Typed columns of activities: calls, e-mails, meetings, notes and tasks.
CREATE TABLE activity (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    at INTEGER,
    owner_id INTEGER,
    direction TEXT,
    outcome TEXT,
    PRIMARY KEY (object_type, record_id)
) STRICT, WITHOUT ROWID;

-- Every value that a property has had. Append-only: HubSpot caps what it remembers, this does not.
CREATE TABLE property_version (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    property TEXT NOT NULL,
    at INTEGER NOT NULL,
    value TEXT NOT NULL,
    source_type TEXT,
    source_id TEXT,
    user_id INTEGER,
    PRIMARY KEY (object_type, property, record_id, at, value)
) STRICT, WITHOUT ROWID;

-- A version may be removed only together with its record, when HubSpot says the record was purged.
CREATE TRIGGER property_version_is_append_only
BEFORE UPDATE ON property_version
BEGIN
    SELECT raise(ABORT, 'a property version never changes');
END;

CREATE TABLE association (
    from_type TEXT NOT NULL,
    from_id INTEGER NOT NULL,
    to_type TEXT NOT NULL,
    to_id INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    category TEXT NOT NULL,
    label TEXT,
    seen_generation INTEGER NOT NULL,
    PRIMARY KEY (from_type, from_id, to_type, to_id, type_id, category)
) STRICT, WITHOUT ROWID;

CREATE INDEX association_backwards ON association (to_type, to_id, from_type);

-- `details` is a JSON object: the options of an enumeration, and what else the definition says.
CREATE TABLE property_definition (
    object_type TEXT NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    type TEXT NOT NULL,
    field_type TEXT NOT NULL,
    group_name TEXT,
    hubspot_defined INTEGER NOT NULL DEFAULT 0 CHECK (hubspot_defined IN (0, 1)),
    calculated INTEGER NOT NULL DEFAULT 0 CHECK (calculated IN (0, 1)),
    read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1)),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    details TEXT NOT NULL CHECK (json_valid(details)),
    PRIMARY KEY (object_type, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE pipeline (
    object_type TEXT NOT NULL,
    pipeline_id TEXT NOT NULL,
    label TEXT NOT NULL,
    display_order INTEGER NOT NULL,
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    PRIMARY KEY (object_type, pipeline_id)
) STRICT, WITHOUT ROWID;

-- `probability` is HubSpot's own stage weight, 0 to 1. `closed` is the stage's metadata, a fallback:
-- a deal's own hs_is_closed and hs_is_closed_won are what decides.
-- A stage that HubSpot no longer lists stays, marked archived, because histories name it.
CREATE TABLE stage (
    object_type TEXT NOT NULL,
    pipeline_id TEXT NOT NULL,
    stage_id TEXT NOT NULL,
    label TEXT NOT NULL,
    display_order INTEGER NOT NULL,
    probability REAL,
    closed INTEGER CHECK (closed IN (0, 1)),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    PRIMARY KEY (object_type, pipeline_id, stage_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE owner (
    owner_id INTEGER PRIMARY KEY,
    user_id INTEGER,
    email TEXT,
    first_name TEXT,
    last_name TEXT,
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1))
) STRICT;

CREATE TABLE owner_team (
    owner_id INTEGER NOT NULL REFERENCES owner (owner_id) ON DELETE CASCADE,
    team_id TEXT NOT NULL,
    team_name TEXT NOT NULL,
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    PRIMARY KEY (owner_id, team_id)
) STRICT, WITHOUT ROWID;
