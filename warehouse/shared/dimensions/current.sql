-- A member has the content, and exists, as the newest day says; those that stay keep their surrogate key.
-- The unknown member has no number, so that it is never among those that are gone.
CREATE OR REPLACE PROCEDURE {star}.sp_merge_{table}(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_is_superseded BOOLEAN := FALSE;
    v_staged BIGINT;
    v_inserted BIGINT := 0;
    v_versioned BIGINT := 0;
    v_deleted BIGINT := 0;
BEGIN
    CALL etl.sp_find_newer_day(p_run_id, v_is_superseded);
    SELECT INTO v_staged COUNT(*) FROM staging.{star}_{staged} WHERE run_id = p_run_id;

    IF NOT v_is_superseded THEN
        DELETE FROM {star}.{table}
        WHERE {thing}_id IN (
            SELECT d.{thing}_id
            FROM {star}.{table} AS d
            LEFT JOIN staging.{star}_{staged} AS l ON d.{thing}_id = l.{thing}_id AND l.run_id = p_run_id
            WHERE l.{thing}_id IS NULL
        );
        GET DIAGNOSTICS v_deleted := ROW_COUNT;

        UPDATE {star}.{table}
        SET
            {assignments},
            row_hash = l.row_hash
        FROM staging.{star}_{staged} AS l
        WHERE {table}.{thing}_id = l.{thing}_id AND l.run_id = p_run_id AND {table}.row_hash <> l.row_hash;
        GET DIAGNOSTICS v_versioned := ROW_COUNT;

        INSERT INTO {star}.{table} ({thing}_id, {columns}, row_hash)
        SELECT
            l.{thing}_id,
            {l_columns},
            l.row_hash
        FROM staging.{star}_{staged} AS l
        LEFT JOIN {star}.{table} AS d ON l.{thing}_id = d.{thing}_id
        WHERE l.run_id = p_run_id AND d.{thing}_id IS NULL;
        GET DIAGNOSTICS v_inserted := ROW_COUNT;
        ANALYZE {star}.{table};
    END IF;

    CALL etl.sp_record_star_table(p_run_id, '{table}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{star}.sp_merge_{table}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
