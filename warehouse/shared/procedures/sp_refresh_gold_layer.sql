-- First half of refreshing the data products: moves the run date that they are relative to.
--
-- Decided: the views themselves are refreshed by the caller (warehouse/refresh.py), after this has committed. A refresh
-- is a transaction of its own: within a procedure, which is one transaction, Redshift limits or refuses REFRESH, and
-- what it sees would not hold the run date written here, which is not committed yet. Each view alone also means that
-- one that fails leaves the others fresh. Refreshed are the materialized views among a star's products, in the order of
-- their files, and after them what the star names in `after_refresh`. Plain views are always fresh.
-- Reads: etl.runs
-- Writes: etl.run_dates
CREATE OR REPLACE PROCEDURE etl.sp_refresh_gold_layer(p_pipeline IN VARCHAR(128), p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_run_date DATE;
BEGIN
    SELECT INTO v_run_date MAX(business_date) FROM etl.runs WHERE pipeline = p_pipeline AND published_at IS NOT NULL;
    IF v_run_date IS NULL THEN
        RAISE EXCEPTION 'no run of % is published: there is nothing to refresh', p_pipeline;
    END IF;
    DELETE FROM etl.run_dates WHERE pipeline = p_pipeline;
    INSERT INTO etl.run_dates (pipeline, run_date) VALUES (p_pipeline, v_run_date);
    CALL etl.sp_log_step(p_run_id, 'etl.sp_refresh_gold_layer', 'run date', v_started, 1);
END;
$$ LANGUAGE plpgsql;
