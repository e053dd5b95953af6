-- Records of ours that HubSpot showed no more, so many at once, or to a token that had lost scopes, that
-- they are taken for out of sight and not for erased. `since` is when that was first found. `last_run` is
-- the last finished run before it: with that run's scopes the token still saw them.
CREATE TABLE unseen_record (
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    last_run INTEGER,
    PRIMARY KEY (object_type, record_id)
) STRICT, WITHOUT ROWID;

-- What the token was granted in a run that finished, a JSON list; NULL for those of earlier versions.
ALTER TABLE sync_run ADD COLUMN scopes TEXT CHECK (scopes IS NULL OR json_valid(scopes));
