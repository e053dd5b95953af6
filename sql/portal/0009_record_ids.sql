-- The live ids of a type in their order, and the pass that met each, without reading a record: every
-- pass goes through all of them, for what it did not meet and for what belongs together.
CREATE INDEX record_by_id ON record (object_type, archived, record_id, seen_generation);
