{%- set entity = dimension.name -%}
{%- set name = dimension.table_name -%}
{%- set table = star.name ~ "." ~ name -%}
{%- set staged = "staging.%s_%s" % (star.name, dimension.curated) -%}
{%- set columns = dimension.names -%}
-- Type 1: the members and their content are those of the newest day. Members that remain keep their surrogate key.
-- The unknown member has no id, so it is never deleted.
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
        WHERE {{ entity }}_id IN (
            SELECT d.{{ entity }}_id
            FROM {{ table }} AS d
            LEFT JOIN {{ staged }} AS l ON d.{{ entity }}_id = l.{{ entity }}_id AND l.run_id = p_run_id
            WHERE l.{{ entity }}_id IS NULL
        );
        GET DIAGNOSTICS v_deleted := ROW_COUNT;

        UPDATE {{ table }}
        SET
{% for column in columns %}
            {{ column }} = l.{{ column }},
{% endfor %}
            row_hash = l.row_hash
        FROM {{ staged }} AS l
        WHERE {{ name }}.{{ entity }}_id = l.{{ entity }}_id AND l.run_id = p_run_id AND {{ name }}.row_hash <> l.row_hash;
        GET DIAGNOSTICS v_versioned := ROW_COUNT;

        INSERT INTO {{ table }} ({{ entity }}_id, {{ columns | join(", ") }}, row_hash)
        SELECT
            l.{{ entity }}_id,
            {{ columns | qualified("l") | join(", ") }},
            l.row_hash
        FROM {{ staged }} AS l
        LEFT JOIN {{ table }} AS d ON l.{{ entity }}_id = d.{{ entity }}_id
        WHERE l.run_id = p_run_id AND d.{{ entity }}_id IS NULL;
        GET DIAGNOSTICS v_inserted := ROW_COUNT;
        ANALYZE {{ table }};
    END IF;

    CALL etl.sp_record_star_table(p_run_id, '{{ name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
