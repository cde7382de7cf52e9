-- First step of publishing: refuses a staging that does not hold what was curated. The files are taken whole, and what
-- they no longer have leaves the star: a publication that is sent twice finds its staging emptied, and must not take
-- that for files without lines.
CREATE OR REPLACE PROCEDURE tickit.sp_check_staged(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_is_superseded BOOLEAN := FALSE;
    v_step VARCHAR(256) := 'check';
    v_staged BIGINT;
    v_wrong VARCHAR(4000);
BEGIN
    CALL etl.sp_find_newer_day(p_run_id, v_is_superseded);

    DROP TABLE IF EXISTS staged_tables;
    CREATE TEMP TABLE staged_tables (table_name VARCHAR(128) NOT NULL, staged_rows BIGINT NOT NULL);
    INSERT INTO staged_tables (table_name, staged_rows)
    SELECT 'users', COUNT(*) FROM staging.tickit_users WHERE run_id = p_run_id
    UNION ALL
    SELECT 'user_contacts', COUNT(*) FROM staging.tickit_user_contacts WHERE run_id = p_run_id
    UNION ALL
    SELECT 'venues', COUNT(*) FROM staging.tickit_venues WHERE run_id = p_run_id
    UNION ALL
    SELECT 'categories', COUNT(*) FROM staging.tickit_categories WHERE run_id = p_run_id
    UNION ALL
    SELECT 'dates', COUNT(*) FROM staging.tickit_dates WHERE run_id = p_run_id
    UNION ALL
    SELECT 'events', COUNT(*) FROM staging.tickit_events WHERE run_id = p_run_id
    UNION ALL
    SELECT 'listings', COUNT(*) FROM staging.tickit_listings WHERE run_id = p_run_id
    UNION ALL
    SELECT 'sales', COUNT(*) FROM staging.tickit_sales WHERE run_id = p_run_id;

    SELECT INTO v_staged SUM(staged_rows) FROM staged_tables;
    SELECT INTO v_wrong LISTAGG(table_name || ': ' || staged_rows || ' staged, ' || curated_rows || ' curated', '; ')
        WITHIN GROUP (ORDER BY table_name)
    FROM (
        SELECT
            s.table_name,
            s.staged_rows,
            COALESCE(b.curated_records, b.derived_records, 0) AS curated_rows
        FROM staged_tables AS s
        LEFT JOIN etl.run_tables AS b
            ON s.table_name = b.table_name AND b.layer IN ('raw', 'curated') AND b.run_id = p_run_id
    ) AS compared
    WHERE staged_rows = 0 OR staged_rows <> curated_rows;
    IF v_wrong IS NOT NULL AND v_wrong <> '' THEN
        RAISE EXCEPTION 'run % has staged something else than was curated, and the star is left as it is: %',
            p_run_id, v_wrong;
    END IF;

    IF v_is_superseded THEN
        v_step := 'older than what is published: nothing changes';
    END IF;
    CALL etl.sp_log_step(p_run_id, 'tickit.sp_check_staged', v_step, v_started, v_staged);
END;
$$ LANGUAGE plpgsql;
