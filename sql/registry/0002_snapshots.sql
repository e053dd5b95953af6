-- Snapshots that were saved from this machine, so that forgetting a portal can remove those in the
-- data folder and name those elsewhere. A row is written before its file begins to grow.
CREATE TABLE snapshot (
    snapshot_id TEXT PRIMARY KEY,
    portal_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    complete_to INTEGER
) STRICT, WITHOUT ROWID;

-- Portals whose forgetting began. The row goes last: whoever is killed in between goes on from it.
CREATE TABLE forgetting (
    portal_id INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL,
    -- Whether HubSpot confirmed that the token is void; NULL where there was nothing to revoke.
    token_revoked INTEGER CHECK (token_revoked IN (0, 1))
) STRICT;
