-- Where the user's quarters begin, because HubSpot's API does not tell. Without a row, in January.
CREATE TABLE fiscal_year (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    first_month INTEGER NOT NULL CHECK (first_month BETWEEN 1 AND 12)
) STRICT;
