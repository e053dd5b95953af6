-- Lets a suspected column in, or, without a reason, no longer.
INSERT INTO score_overrule (set_at, event, column_name, reason) VALUES (?1, ?2, ?3, ?4);
