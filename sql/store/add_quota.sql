-- A version of a quota. Two of one moment keep their order by their numbers.
INSERT INTO quota (
    set_at, first_day, last_day, pipeline_id, whose, whose_id, amount, currency
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
