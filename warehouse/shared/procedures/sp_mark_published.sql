-- The ledger row of a publication, last in its transaction: with it the run's rows are served.
-- Reads: nothing
-- Writes: etl.runs
CREATE OR REPLACE PROCEDURE etl.sp_mark_published(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
BEGIN
    UPDATE etl.runs SET published_at = GETDATE() WHERE run_id = p_run_id;
    CALL etl.sp_log_step(p_run_id, 'etl.sp_mark_published', 'publish', v_started, 1);
END;
$$ LANGUAGE plpgsql;
