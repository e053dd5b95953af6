-- Puts a model in force.
INSERT INTO score_champion (chosen_at, version, why) VALUES (?1, ?2, ?3);
