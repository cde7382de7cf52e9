-- The books of one table of the star: what became of the rows staged for it.
-- Reads: etl.runs
-- Writes: etl.run_tables
CREATE OR REPLACE PROCEDURE etl.sp_record_star_table(
    p_run_id IN VARCHAR(128),
    p_table IN VARCHAR(128),
    p_staged IN BIGINT,
    p_inserted IN BIGINT,
    p_versioned IN BIGINT,
    p_deleted IN BIGINT
)
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
BEGIN
    DELETE FROM etl.run_tables
    WHERE run_id = p_run_id AND layer = 'star' AND table_name = p_table;
    INSERT INTO etl.run_tables (
        run_id,
        pipeline,
        business_date,
        layer,
        table_name,
        staged_rows,
        inserted_rows,
        versioned_rows,
        unchanged_rows,
        deleted_rows,
        recorded_at
    )
    SELECT
        run_id,
        pipeline,
        business_date,
        'star',
        p_table,
        p_staged,
        p_inserted,
        p_versioned,
        p_staged - p_inserted - p_versioned,
        p_deleted,
        GETDATE()
    FROM etl.runs
    WHERE run_id = p_run_id;
    CALL etl.sp_log_step(p_run_id, 'etl.sp_record_star_table', p_table, v_started, 1);
END;
$$ LANGUAGE plpgsql;
