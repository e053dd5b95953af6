-- What somebody is to bring in a period, as the user entered it: HubSpot's own goals are not read. A new
-- number is a new row, and no row ever changes or goes, so that a report as of a past day reads the quota
-- that was known then. Days are those of the portal's calendar, as '2026-10-01'. `whose` tells whose
-- deals count: those of all, of a team or of an owner, named by `whose_id`. `pipeline_id` is empty for all
-- pipelines. An amount of NULL takes the quota back.
CREATE TABLE quota (
    quota_id INTEGER PRIMARY KEY,
    set_at INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    pipeline_id TEXT NOT NULL,
    whose TEXT NOT NULL CHECK (whose IN ('all', 'team', 'owner')),
    whose_id TEXT NOT NULL,
    amount TEXT,
    currency TEXT NOT NULL,
    CHECK (first_day <= last_day),
    CHECK ((whose = 'all') = (whose_id = ''))
) STRICT;

CREATE TRIGGER quota_is_append_only
BEFORE UPDATE ON quota
BEGIN
    SELECT raise(ABORT, 'a quota never changes: enter a new one');
END;

CREATE TRIGGER quota_is_kept
BEFORE DELETE ON quota
BEGIN
    SELECT raise(ABORT, 'a quota is never removed: enter a new one');
END;
