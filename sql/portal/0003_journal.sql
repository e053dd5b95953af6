-- The journal of every change to HubSpot. A change reaches 'sending' before its request leaves, and
-- leaves 'sending' only by what came back or by reading the live value.

CREATE TABLE plan (
    plan_id INTEGER PRIMARY KEY,
    object_type TEXT NOT NULL,
    property TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('planned', 'approved', 'applying', 'applied', 'discarded')
    ),
    purpose TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    approved_at INTEGER,
    approved_by TEXT,
    applied_at INTEGER,
    undoes INTEGER REFERENCES plan (plan_id)
) STRICT;

-- What must exist in HubSpot before the first value can be written. `wanted` is the definition as
-- it would be sent, so that an approved plan creates what was read, not what the program says now.
CREATE TABLE plan_definition (
    plan_id INTEGER NOT NULL REFERENCES plan (plan_id),
    step INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'property')),
    name TEXT NOT NULL,
    wanted TEXT NOT NULL CHECK (json_valid(wanted)),
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'confirmed')),
    PRIMARY KEY (plan_id, step)
) STRICT, WITHOUT ROWID;

-- One value on one record. An empty `new_value` clears; `old_value` is NULL when there was none.
CREATE TABLE plan_change (
    plan_id INTEGER NOT NULL REFERENCES plan (plan_id),
    record_id INTEGER NOT NULL,
    old_value TEXT,
    new_value TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('planned', 'sending', 'confirmed', 'failed', 'conflict')
    ),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_change_by_state ON plan_change (plan_id, state);
