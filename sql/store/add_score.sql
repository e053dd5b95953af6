-- What a model says of a record; asked again about the same moment, it says it anew.
INSERT OR REPLACE INTO score (
    record_id, version, as_of, scored_at, probability, percentile, band, reasons
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
