-- A row of the log: a step that succeeded. Failures are logged by the caller, because an error rolls back the
-- transaction.
-- Reads: nothing
-- Writes: etl.etl_log
CREATE OR REPLACE PROCEDURE etl.sp_log_step(
    p_run_id IN VARCHAR(128),
    p_procedure IN VARCHAR(256),
    p_step IN VARCHAR(256),
    p_started_at IN TIMESTAMP,
    p_rows IN BIGINT
)
AS $$
BEGIN
    INSERT INTO etl.etl_log (run_id, procedure_name, step, started_at, finished_at, rows_affected, status)
    VALUES (p_run_id, p_procedure, p_step, p_started_at, GETDATE(), p_rows, 'succeeded');
END;
$$ LANGUAGE plpgsql;
