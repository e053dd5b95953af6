-- Where does every stream stand within a generation?
SELECT stream, generation, after, done, unavailable, rows_seen, unproven
FROM sync_cursor
WHERE generation = ?1
ORDER BY stream;
