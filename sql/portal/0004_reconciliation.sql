-- What the last check against HubSpot's own counts found, and how it explained every difference.

-- One row: the last check, or the last try at one. `since` is the moment up to whose records it
-- counts: the start of the sync that the copy comes from. `whole` says that every month was asked
-- about, and not only those that had changed. `not_checked` is why the try came to nothing; the
-- other tables then still say what the check before it found.
CREATE TABLE reconciliation (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    checked_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
    not_checked TEXT
) STRICT;

-- A type's counts. `theirs` is NULL where HubSpot does not tell, and `unavailable` is why.
-- `unplaced` is how many records HubSpot counts in the whole type but in none of its months.
CREATE TABLE reconciled_object (
    object_type TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    theirs INTEGER,
    ours INTEGER NOT NULL,
    unplaced INTEGER NOT NULL,
    unavailable TEXT,
    checked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The records of a type that were created in a month (UTC, such as '2026-11'; '' has those without
-- a date). The counts are those found; what was explained is counted record by record.
CREATE TABLE reconciled_month (
    object_type TEXT NOT NULL REFERENCES reconciled_object (object_type) ON DELETE CASCADE,
    month TEXT NOT NULL,
    theirs INTEGER NOT NULL,
    ours INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    merged INTEGER NOT NULL,
    purged INTEGER NOT NULL,
    no_access INTEGER NOT NULL,
    newer INTEGER NOT NULL,
    repaired INTEGER NOT NULL,
    unexplained INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (object_type, month)
) STRICT, WITHOUT ROWID;

-- What a sample of records said that was read again: their associations to another type, or (with
-- an empty `to_type`) the versions of their properties. `missing` and `surplus` count rows.
CREATE TABLE reconciled_sample (
    object_type TEXT NOT NULL,
    to_type TEXT NOT NULL,
    position INTEGER NOT NULL,
    sampled INTEGER NOT NULL,
    compared INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    surplus INTEGER NOT NULL,
    repaired INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (object_type, to_type)
) STRICT, WITHOUT ROWID;

-- The months of a type, and the ids in one of them, without reading a record.
CREATE INDEX record_by_creation ON record (object_type, archived, created_at);
