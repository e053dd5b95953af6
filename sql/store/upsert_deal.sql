-- The typed columns of a deal, beside the raw text in `record`.
INSERT OR REPLACE INTO deal (
    record_id, name, pipeline_id, stage_id, amount, currency, home_amount, created_at, close_at,
    owner_id, is_closed, is_won, archived
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);
