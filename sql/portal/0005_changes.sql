-- How the copy follows a portal's changes, and why a record is no longer live.

-- One row a type that was read whole once. All records that changed up to `fresh_until` were read
-- once, and all up to `settled_until` once more after the search index had had time to settle.
-- `reconciled_at` is when every id was last compared; `gap` is HubSpot's count less ours that this
-- could not explain. `properties_read` is a JSON object: which properties were read, of which
-- type, and which of them with their versions.
CREATE TABLE change_cursor (
    object_type TEXT PRIMARY KEY,
    fresh_until INTEGER NOT NULL,
    settled_until INTEGER NOT NULL,
    reconciled_at INTEGER NOT NULL,
    gap INTEGER NOT NULL DEFAULT 0,
    properties_read TEXT NOT NULL CHECK (json_valid(properties_read))
) STRICT, WITHOUT ROWID;

-- One row a pair of types whose associations were read whole once, and when that was last.
CREATE TABLE association_cursor (
    from_type TEXT NOT NULL,
    to_type TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (from_type, to_type)
) STRICT, WITHOUT ROWID;

-- Records that changed and whose associations are still to be read again.
CREATE TABLE association_due (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (object_type, record_id)
) STRICT, WITHOUT ROWID;

-- The ids that a comparison of all ids has met so far. Empty when none is under way.
CREATE TABLE met_record (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (object_type, record_id)
) STRICT, WITHOUT ROWID;

-- Ids that were merged into another record. The survivor of a merge may itself be merged later:
-- the chain is followed when it is asked for.
CREATE TABLE merged_record (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    survivor_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (object_type, record_id)
) STRICT, WITHOUT ROWID;

-- Why a record is archived here: it lies in the recycle bin, or it was merged into another.
ALTER TABLE record ADD COLUMN gone TEXT CHECK (gone IN ('archived', 'merged'));

UPDATE record SET gone = 'archived' WHERE archived = 1;

-- What HubSpot counted and what was read, where the two could not be brought together.
ALTER TABLE sync_cursor ADD COLUMN unproven TEXT;

-- A run may now be one that reads the changes alone.
CREATE TABLE sync_run_with_changes (
    run_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('full', 'resumed', 'changes')),
    generation INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT CHECK (outcome IN ('done', 'cancelled', 'failed')),
    error_code TEXT,
    records INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO sync_run_with_changes (
    run_id, kind, generation, started_at, finished_at, outcome, error_code, records, calls
)
SELECT run_id, kind, generation, started_at, finished_at, outcome, error_code, records, calls
FROM sync_run;

DROP TABLE sync_run;

ALTER TABLE sync_run_with_changes RENAME TO sync_run;
