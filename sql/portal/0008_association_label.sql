-- The kinds of association that the portal knows between two types, seen from the first: HubSpot's own
-- and its labels. An association that was read says which of them it is.
CREATE TABLE association_label (
    from_type TEXT NOT NULL,
    to_type TEXT NOT NULL,
    type_id INTEGER NOT NULL,
    category TEXT NOT NULL,
    label TEXT,
    PRIMARY KEY (from_type, to_type, type_id, category)
) STRICT, WITHOUT ROWID;
