-- When were the associations of each pair of types last read whole?
SELECT from_type, to_type, read_at
FROM association_cursor
ORDER BY from_type, to_type;
