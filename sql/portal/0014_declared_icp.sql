-- The customers that the user believes to be the best, each time anew: what was declared stays, so that
-- nobody can have declared it after the fact. `declared` is a JSON object of lists of values by
-- dimension; empty, it takes the one before back. `seen_until` is the newest data that the user had
-- seen, where the user says so.
CREATE TABLE declared_icp (
    version INTEGER PRIMARY KEY,
    declared_at INTEGER NOT NULL,
    seen_until INTEGER,
    declared TEXT NOT NULL CHECK (json_valid(declared))
) STRICT;

CREATE TRIGGER declared_icp_is_append_only
BEFORE UPDATE ON declared_icp
BEGIN
    SELECT raise(ABORT, 'what was declared never changes');
END;
