-- Whether a newer day of the run's pipeline is published already. A star that shows what the newest day says takes
-- nothing from an older one that is loaded late, or again.
-- Reads: etl.runs
-- Writes: nothing
CREATE OR REPLACE PROCEDURE etl.sp_find_newer_day(p_run_id IN VARCHAR(128), p_is_superseded INOUT BOOLEAN)
AS $$
DECLARE
    v_pipeline VARCHAR(128);
    v_day DATE;
    v_newest DATE;
BEGIN
    SELECT INTO v_pipeline, v_day
        pipeline,
        business_date
    FROM etl.runs
    WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;
    SELECT INTO v_newest MAX(business_date)
    FROM etl.runs
    WHERE pipeline = v_pipeline AND published_at IS NOT NULL;
    p_is_superseded := COALESCE(v_newest > v_day, FALSE);
END;
$$ LANGUAGE plpgsql;
