-- The portals on this machine. Names of clients are here and nowhere else outside a portal's own
-- file: this database is encrypted too.
CREATE TABLE portal (
    portal_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    colour INTEGER NOT NULL CHECK (colour BETWEEN 0 AND 255),
    demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
    added_at INTEGER NOT NULL
) STRICT;
