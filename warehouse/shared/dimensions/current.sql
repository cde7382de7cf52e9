{%- set thing = dimension.name -%}
{%- set name = dimension.table_name -%}
{%- set table = star.name ~ "." ~ name -%}
{%- set staged = "staging.%s_%s" % (star.name, dimension.curated) -%}
{%- set columns = dimension.names -%}
-- A member has the content, and exists, as the newest day says; those that stay keep their surrogate key.
-- The unknown member has no number, so that it is never among those that are gone.
-- Reads: {{ staged }}, {{ table }}
-- Writes: {{ table }}
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ name }}(p_run_id IN VARCHAR(128))
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
    SELECT INTO v_staged COUNT(*) FROM {{ staged }} WHERE run_id = p_run_id;

    IF NOT v_is_superseded THEN
        DELETE FROM {{ table }}
        WHERE {{ thing }}_id IN (
            SELECT d.{{ thing }}_id
            FROM {{ table }} AS d
            LEFT JOIN {{ staged }} AS l ON d.{{ thing }}_id = l.{{ thing }}_id AND l.run_id = p_run_id
            WHERE l.{{ thing }}_id IS NULL
        );
        GET DIAGNOSTICS v_deleted := ROW_COUNT;

        UPDATE {{ table }}
        SET
{% for column in columns %}
            {{ column }} = l.{{ column }},
{% endfor %}
            row_hash = l.row_hash
        FROM {{ staged }} AS l
        WHERE {{ name }}.{{ thing }}_id = l.{{ thing }}_id AND l.run_id = p_run_id AND {{ name }}.row_hash <> l.row_hash;
        GET DIAGNOSTICS v_versioned := ROW_COUNT;

        INSERT INTO {{ table }} ({{ thing }}_id, {{ columns | join(", ") }}, row_hash)
        SELECT
            l.{{ thing }}_id,
            {{ columns | qualified("l") | join(", ") }},
            l.row_hash
        FROM {{ staged }} AS l
        LEFT JOIN {{ table }} AS d ON l.{{ thing }}_id = d.{{ thing }}_id
        WHERE l.run_id = p_run_id AND d.{{ thing }}_id IS NULL;
        GET DIAGNOSTICS v_inserted := ROW_COUNT;
        ANALYZE {{ table }};
    END IF;

    CALL etl.sp_record_star_table(p_run_id, '{{ name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
