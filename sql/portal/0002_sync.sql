-- How far the copy has come. A page of records and the cursor that says it was read are written in
-- one transaction, so the two can never disagree.

-- One row a run of the sync, finished or not.
CREATE TABLE sync_run (
    run_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('full', 'resumed')),
    generation INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT CHECK (outcome IN ('done', 'cancelled', 'failed')),
    error_code TEXT,
    records INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Where a stream stands within a generation. `stream` is such as 'records/deals' or
-- 'associations/deals/contacts'; `after` is HubSpot's cursor for the next page, NULL at the start.
CREATE TABLE sync_cursor (
    stream TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    after TEXT,
    done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    unavailable TEXT,
    rows_seen INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
