-- The next version of the dictionary; those before it stay.
INSERT INTO competitor_dictionary (version, made_at, what, dictionary)
SELECT coalesce(max(version), 0) + 1, ?1, ?2, ?3
FROM competitor_dictionary
RETURNING version;
