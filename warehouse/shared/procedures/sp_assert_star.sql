-- Refuses to commit a star that breaks a CRITICAL rule of its own; sp_data_quality_checks(run, 'star') goes before.
-- Reads: etl.data_quality_results
-- Writes: nothing
CREATE OR REPLACE PROCEDURE etl.sp_assert_star(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_checked BIGINT;
    v_failing VARCHAR(4000);
BEGIN
    SELECT INTO v_checked COUNT(*) FROM etl.data_quality_results WHERE run_id = p_run_id AND phase = 'star';
    IF v_checked = 0 THEN
        RAISE EXCEPTION 'the star of run % was not checked', p_run_id;
    END IF;
    SELECT INTO v_failing LISTAGG(rule_name || ' (' || failed_rows || ' of ' || total_rows || ')', ', ')
        WITHIN GROUP (ORDER BY rule_name)
    FROM etl.data_quality_results
    WHERE run_id = p_run_id AND phase = 'star' AND severity = 'CRITICAL' AND NOT passed;
    IF v_failing IS NOT NULL AND v_failing <> '' THEN
        RAISE EXCEPTION 'the star breaks its own rules: %', v_failing;
    END IF;
    CALL etl.sp_log_step(p_run_id, 'etl.sp_assert_star', 'assert', v_started, v_checked);
END;
$$ LANGUAGE plpgsql;
