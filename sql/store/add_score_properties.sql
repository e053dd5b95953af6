-- Has scores learn from these properties from now on, too.
INSERT INTO score_properties (set_at, event, properties) VALUES (?1, ?2, ?3);
