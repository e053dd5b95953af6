-- Where a stream stands. Written in the transaction of the rows it speaks of.
INSERT INTO sync_cursor (
    stream, generation, after, done, unavailable, rows_seen, updated_at, unproven
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (stream) DO UPDATE SET
    generation = excluded.generation,
    after = excluded.after,
    done = excluded.done,
    unavailable = excluded.unavailable,
    rows_seen = excluded.rows_seen,
    updated_at = excluded.updated_at,
    unproven = excluded.unproven;
