-- Which competitors are looked for in this portal, how their names may be written, and which properties
-- of deals are for them. Every version that a person has made stays; the highest is in force. `what`
-- says in a word what made it.
CREATE TABLE competitor_dictionary (
    version INTEGER PRIMARY KEY,
    made_at INTEGER NOT NULL,
    what TEXT NOT NULL,
    dictionary TEXT NOT NULL CHECK (json_valid(dictionary))
) STRICT;

CREATE TRIGGER competitor_dictionary_is_append_only
BEFORE UPDATE ON competitor_dictionary
BEGIN
    SELECT raise(ABORT, 'a version of the dictionary never changes');
END;

-- Since when the texts of activities are read. No row: they are not, and none is kept.
CREATE TABLE activity_texts (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    since INTEGER NOT NULL
) STRICT;
