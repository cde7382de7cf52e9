-- A member has the content, and exists, as the newest day says; those that stay keep their surrogate key.
-- The unknown member has no number, so that it is never among those that are gone.
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ dimension.table_name }}(p_run_id IN VARCHAR(128))
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
    SELECT INTO v_staged COUNT(*) FROM staging.{{ star.name }}_{{ dimension.curated }} WHERE run_id = p_run_id;

    IF NOT v_is_superseded THEN
        DELETE FROM {{ star.name }}.{{ dimension.table_name }}
        WHERE {{ dimension.name }}_id IN (
            SELECT d.{{ dimension.name }}_id
            FROM {{ star.name }}.{{ dimension.table_name }} AS d
            LEFT JOIN staging.{{ star.name }}_{{ dimension.curated }} AS l ON d.{{ dimension.name }}_id = l.{{ dimension.name }}_id AND l.run_id = p_run_id
            WHERE l.{{ dimension.name }}_id IS NULL
        );
        GET DIAGNOSTICS v_deleted := ROW_COUNT;

        UPDATE {{ star.name }}.{{ dimension.table_name }}
        SET
{% for column in dimension.names %}
            {{ column }} = l.{{ column }},
{% endfor %}
            row_hash = l.row_hash
        FROM staging.{{ star.name }}_{{ dimension.curated }} AS l
        WHERE {{ dimension.table_name }}.{{ dimension.name }}_id = l.{{ dimension.name }}_id AND l.run_id = p_run_id AND {{ dimension.table_name }}.row_hash <> l.row_hash;
        GET DIAGNOSTICS v_versioned := ROW_COUNT;

        INSERT INTO {{ star.name }}.{{ dimension.table_name }} ({{ dimension.name }}_id, {{ dimension.names | join(", ") }}, row_hash)
        SELECT
            l.{{ dimension.name }}_id,
            {{ dimension.names | qualified("l") | join(", ") }},
            l.row_hash
        FROM staging.{{ star.name }}_{{ dimension.curated }} AS l
        LEFT JOIN {{ star.name }}.{{ dimension.table_name }} AS d ON l.{{ dimension.name }}_id = d.{{ dimension.name }}_id
        WHERE l.run_id = p_run_id AND d.{{ dimension.name }}_id IS NULL;
        GET DIAGNOSTICS v_inserted := ROW_COUNT;
        ANALYZE {{ star.name }}.{{ dimension.table_name }};
    END IF;

    CALL etl.sp_record_star_table(p_run_id, '{{ dimension.table_name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ dimension.table_name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
