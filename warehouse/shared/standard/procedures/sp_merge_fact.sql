{%- macro staged() %}
            SELECT
                s.{{ fact.key }},
{% for column in fact.names %}
                s.{{ column }},
{% endfor %}
{% for name in fact.of %}
                COALESCE({{ name }}.{{ name }}_sk, 0) AS {{ name }}_sk,
{% endfor %}
                s.row_hash
            FROM staging.{{ star.name }}_{{ fact.curated }} AS s
{% for name in fact.of %}
            LEFT JOIN {{ star.name }}.dim_{{ name }} AS {{ name }} ON s.{{ name }}_id = {{ name }}.{{ name }}_id
{% endfor %}
            WHERE s.run_id = p_run_id
{%- endmacro %}
-- The rows become what the newest day says: each finds its members among the merged dimensions, and only those that
-- are not as they were are written.
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ fact.table_name }}(p_run_id IN VARCHAR(128))
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
    SELECT INTO v_staged COUNT(*) FROM staging.{{ star.name }}_{{ fact.curated }} WHERE run_id = p_run_id;

    IF NOT v_is_superseded THEN
        DELETE FROM {{ star.name }}.{{ fact.table_name }}
        WHERE {{ fact.key }} IN (
            SELECT f.{{ fact.key }}
            FROM {{ star.name }}.{{ fact.table_name }} AS f
            LEFT JOIN staging.{{ star.name }}_{{ fact.curated }} AS l
                ON f.{{ fact.key }} = l.{{ fact.key }} AND l.run_id = p_run_id
            WHERE l.{{ fact.key }} IS NULL
        );
        GET DIAGNOSTICS v_deleted := ROW_COUNT;

        UPDATE {{ star.name }}.{{ fact.table_name }}
        SET
{% for name in fact.of %}
            {{ name }}_sk = l.{{ name }}_sk,
{% endfor %}
{% for column in fact.names %}
            {{ column }} = l.{{ column }},
{% endfor %}
            row_hash = l.row_hash,
            run_id = p_run_id
        FROM (
{{ staged() }}
        ) AS l
        WHERE
            {{ fact.table_name }}.{{ fact.key }} = l.{{ fact.key }}
            AND (
                {{ fact.table_name }}.row_hash <> l.row_hash
{% for name in fact.of %}
                OR {{ fact.table_name }}.{{ name }}_sk <> l.{{ name }}_sk
{% endfor %}
            );
        GET DIAGNOSTICS v_versioned := ROW_COUNT;

        INSERT INTO {{ star.name }}.{{ fact.table_name }} (
            {{ fact.key }}, {% for name in fact.of %}{{ name }}_sk, {% endfor %}{{ fact.names | join(", ") }}, row_hash, run_id
        )
        SELECT
            l.{{ fact.key }},
{% for name in fact.of %}
            l.{{ name }}_sk,
{% endfor %}
{% for column in fact.names %}
            l.{{ column }},
{% endfor %}
            l.row_hash,
            p_run_id
        FROM (
{{ staged() }}
        ) AS l
        LEFT JOIN {{ star.name }}.{{ fact.table_name }} AS f ON l.{{ fact.key }} = f.{{ fact.key }}
        WHERE f.{{ fact.key }} IS NULL;
        GET DIAGNOSTICS v_inserted := ROW_COUNT;
        ANALYZE {{ star.name }}.{{ fact.table_name }};
    END IF;

    CALL etl.sp_record_star_table(p_run_id, '{{ fact.table_name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ fact.table_name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
