-- Scores: what was learnt, which of it is used, and what it said of whom. Nothing here comes from
-- HubSpot, and a model that was ever shown is kept with its card.

-- A model that was trained, and its card. `event` is what it tells of, 'deal_won' or 'contact_won';
-- `pipeline_id` is empty for all pipelines. `published` tells whether the card lets its scores be shown.
-- `settings` is a JSON object of what it was asked. `model` is empty where nothing could be learnt, or
-- nothing is shown.
CREATE TABLE score_model (
    version INTEGER PRIMARY KEY,
    event TEXT NOT NULL CHECK (event IN ('deal_won', 'contact_won')),
    horizon_days INTEGER NOT NULL,
    pipeline_id TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    trained_at INTEGER NOT NULL,
    published INTEGER NOT NULL CHECK (published IN (0, 1)),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    card TEXT NOT NULL CHECK (json_valid(card)),
    model TEXT CHECK (json_valid(model)),
    CHECK (published = 0 OR model IS NOT NULL)
) STRICT;

CREATE TRIGGER score_model_is_append_only
BEFORE UPDATE ON score_model
BEGIN
    SELECT raise(ABORT, 'a model and its card never change');
END;

CREATE TRIGGER score_model_is_kept
BEFORE DELETE ON score_model
BEGIN
    SELECT raise(ABORT, 'a model and its card are never removed');
END;

-- Which model is used, each time that was decided, and why. The newest row of an event, a horizon and a
-- pipeline is in force.
CREATE TABLE score_champion (
    choice INTEGER PRIMARY KEY,
    chosen_at INTEGER NOT NULL,
    version INTEGER NOT NULL REFERENCES score_model (version),
    why TEXT NOT NULL
) STRICT;

-- What a model said of a record from what was known at `as_of`. `percentile` is its place among all that
-- were scored then, 1 the highest. `reasons` is a JSON list, kept of the newest scores alone.
CREATE TABLE score (
    record_id INTEGER NOT NULL,
    version INTEGER NOT NULL REFERENCES score_model (version),
    as_of INTEGER NOT NULL,
    scored_at INTEGER NOT NULL,
    probability REAL NOT NULL,
    percentile REAL NOT NULL,
    band TEXT NOT NULL,
    reasons TEXT CHECK (json_valid(reasons)),
    PRIMARY KEY (record_id, version, as_of)
) STRICT, WITHOUT ROWID;

CREATE INDEX score_by_moment ON score (version, as_of);

-- Columns that the auditor suspects and a person lets in, with the reason that was typed. The newest row
-- of a column is in force; an empty reason takes it back.
CREATE TABLE score_overrule (
    overrule INTEGER PRIMARY KEY,
    set_at INTEGER NOT NULL,
    event TEXT NOT NULL,
    column_name TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TRIGGER score_overrule_is_append_only
BEFORE UPDATE ON score_overrule
BEGIN
    SELECT raise(ABORT, 'what was overruled, and why, never changes');
END;
