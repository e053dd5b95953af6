-- How a run ended.
UPDATE sync_run
SET finished_at = ?2,
    outcome = ?3,
    error_code = ?4,
    records = ?5,
    calls = ?6
WHERE run_id = ?1;
