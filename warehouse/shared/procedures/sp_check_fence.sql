-- Refuses a publisher whose lock was taken over, by a run that has published or was only opened yet. It writes even when nothing changes, so that two publishers
-- at once conflict and one of them is rolled back.
-- Reads: etl.fences, etl.runs
-- Writes: etl.fences
CREATE OR REPLACE PROCEDURE etl.sp_check_fence(
    p_run_id IN VARCHAR(128), p_pipeline IN VARCHAR(128), p_fence IN BIGINT
)
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_fence BIGINT;
    v_opened BIGINT;
BEGIN
    SELECT INTO v_fence MAX(fence) FROM etl.fences WHERE pipeline = p_pipeline;
    IF v_fence > p_fence THEN
        RAISE EXCEPTION 'fence % of % is out of date: % has published since; the run lock was taken over',
            p_fence, p_pipeline, v_fence;
    END IF;
    SELECT INTO v_opened MAX(fence) FROM etl.runs WHERE pipeline = p_pipeline;
    IF v_opened > p_fence THEN
        RAISE EXCEPTION 'fence % of % is out of date: % has opened a run since; the run lock was taken over',
            p_fence, p_pipeline, v_opened;
    END IF;
    IF v_fence IS NULL THEN
        INSERT INTO etl.fences (pipeline, fence, checked_at) VALUES (p_pipeline, p_fence, GETDATE());
    ELSE
        UPDATE etl.fences SET fence = p_fence, checked_at = GETDATE() WHERE pipeline = p_pipeline;
    END IF;
    CALL etl.sp_log_step(p_run_id, 'etl.sp_check_fence', 'fence', v_started, 1);
END;
$$ LANGUAGE plpgsql;
