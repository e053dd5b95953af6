-- The journal of every change to HubSpot. A row reaches 'sending' before its request leaves, and
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
    created_at INTEGER NOT NULL,
    approved_at INTEGER,
    approved_by TEXT,
    applied_at INTEGER,
    undoes INTEGER REFERENCES plan (plan_id)
) STRICT;

CREATE TABLE plan_change (
    plan_id INTEGER NOT NULL REFERENCES plan (plan_id),
    record_id INTEGER NOT NULL,
    old_value TEXT,
    new_value TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('planned', 'sending', 'confirmed', 'failed', 'conflict', 'unknown')
    ),
    attempt INTEGER NOT NULL DEFAULT 0,
    batch INTEGER,
    reason TEXT,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_change_by_state ON plan_change (plan_id, state);
