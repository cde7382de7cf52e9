-- First step of publishing: fails if what is staged is not what was curated. A publication that is sent twice finds its
-- staging empty, and must not take that for a source without records.
-- Reads: etl.run_tables{% for name in star.staged %}, staging.{{ name }}{% endfor %}

-- Writes: nothing
-- Reads: etl.run_tables{% for name in star.staged %}, staging.{{ name }}{% endfor %}

-- Writes: nothing
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_check_staged(p_run_id IN VARCHAR(128))
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
{% for name in star.staged %}
    SELECT '{{ name.removeprefix(star.name ~ "_") }}', COUNT(*) FROM staging.{{ name }} WHERE run_id = p_run_id
    {{- ";" if loop.last else "\n    UNION ALL" }}
{% endfor %}

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
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_check_staged', v_step, v_started, v_staged);
END;
$$ LANGUAGE plpgsql;
