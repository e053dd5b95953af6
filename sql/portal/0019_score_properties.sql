-- Which further properties of a portal's records scores learn from, each time that somebody said so.
-- `properties` is a JSON list of names with their types, such as 'companies.tier'. The newest row of an
-- event is in force; an empty list leaves the usual ones alone.
CREATE TABLE score_properties (
    choice INTEGER PRIMARY KEY,
    set_at INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('deal_won', 'contact_won')),
    properties TEXT NOT NULL CHECK (json_valid(properties))
) STRICT;

CREATE TRIGGER score_properties_is_append_only
BEFORE UPDATE ON score_properties
BEGIN
    SELECT raise(ABORT, 'what was chosen, and when, never changes');
END;
