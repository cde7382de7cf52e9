{%- set table = star.name ~ "." ~ bridge.table_name -%}
{%- set fact_id = bridge.fact ~ "_id" -%}
{%- set id = bridge.dimension ~ "_id" -%}
{%- set sk = bridge.dimension ~ "_sk" -%}
{%- set work = "staging." ~ star.name -%}
{%- set is_versioned = star.dimension(bridge.dimension).history == "versioned" -%}
{%- set members = star.name ~ "." ~ ("v_%s_ranges" if is_versioned else "dim_%s") % bridge.dimension -%}
{%- set columns = [fact_id, sk, bridge.key] + bridge.names -%}
{%- macro member_of(row, day) %}
{{ row }}.{{ id }} = d.{{ id }} AND {% if is_versioned %}d.effective_from <= {{ day }} AND d.valid_to > {{ day }}{% else %}d.{{ sk }} <> 0{% endif %}
{%- endmacro -%}
-- Replaces the rows of touched {{ bridge.fact }}s with their observation of the day they were last seen, and updates the
-- {{ bridge.dimension }} keys of the other {{ bridge.fact }}s.
-- Reads: {{ work }}_touched_{{ bridge.fact }}s, {{ work }}_{{ "touched" if is_versioned else "changed" }}_members,
-- {{ work }}_{{ bridge.fact }}_{{ bridge.dimension }}s, {{ star.name }}.{{ bridge.fact }}_{{ bridge.dimension }}_observations,
-- {{ members }}, {{ table }}{{ ", %s.fact_%ss" % (star.name, bridge.fact) if is_versioned }}, etl.runs
-- Writes: {{ table }}
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ bridge.table_name }}(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_repointed BIGINT;
    v_rows BIGINT;
    v_from DATE;
    v_to DATE;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    SELECT INTO v_from, v_to
        COALESCE(MIN(last_seen_on), v_day),
        COALESCE(MAX(last_seen_on), v_day)
    FROM {{ work }}_touched_{{ bridge.fact }}s
    WHERE run_id = p_run_id;

    DROP TABLE IF EXISTS desired_rows;
    CREATE TEMP TABLE desired_rows (LIKE {{ table }});
    INSERT INTO desired_rows ({{ columns | join(", ") }})
    SELECT
        o.{{ fact_id }},
        COALESCE(d.{{ sk }}, 0),
        {{ ([bridge.key] + bridge.names) | qualified("o") | join(", ") }}
    FROM {{ work }}_touched_{{ bridge.fact }}s AS t
    INNER JOIN {{ star.name }}.{{ bridge.fact }}_{{ bridge.dimension }}_observations AS o
        ON t.{{ fact_id }} = o.{{ fact_id }} AND t.last_seen_on = o.observed_on
    LEFT JOIN {{ members }} AS d
        ON {{ member_of("o", "o.observed_on") }}
    WHERE t.run_id = p_run_id AND o.observed_on >= v_from AND o.observed_on <= v_to;

    -- Other {{ bridge.fact }}s may name {{ bridge.dimension | with_article }} with a new key.
    DROP TABLE IF EXISTS repointed_rows;
    CREATE TEMP TABLE repointed_rows (LIKE {{ table }});
    INSERT INTO repointed_rows ({{ columns | join(", ") }})
    SELECT
        b.{{ fact_id }},
        COALESCE(d.{{ sk }}, 0),
        {{ ([bridge.key] + bridge.names) | qualified("b") | join(", ") }}
    FROM {{ table }} AS b
    INNER JOIN {{ work }}_{{ "touched" if is_versioned else "changed" }}_members AS m
        ON b.{{ id }} = m.member_id AND m.run_id = p_run_id AND m.dimension = '{{ bridge.dimension }}'
{% if is_versioned %}
    INNER JOIN {{ star.name }}.fact_{{ bridge.fact }}s AS f ON b.{{ fact_id }} = f.{{ fact_id }}
{% endif %}
    LEFT JOIN {{ members }} AS d
        ON {{ member_of("b", "f.last_seen_on") }}
    LEFT JOIN {{ work }}_touched_{{ bridge.fact }}s AS t ON b.{{ fact_id }} = t.{{ fact_id }} AND t.run_id = p_run_id
    WHERE t.{{ fact_id }} IS NULL AND COALESCE(d.{{ sk }}, 0) <> b.{{ sk }};
    UPDATE {{ table }}
    SET {{ sk }} = r.{{ sk }}
    FROM repointed_rows AS r
    WHERE {{ bridge.table_name }}.{{ fact_id }} = r.{{ fact_id }} AND {{ bridge.table_name }}.{{ bridge.key }} = r.{{ bridge.key }};
    GET DIAGNOSTICS v_repointed := ROW_COUNT;

    DROP TABLE IF EXISTS differing_rows;
    CREATE TEMP TABLE differing_rows (LIKE {{ table }}, is_new BOOLEAN NOT NULL, is_gone BOOLEAN NOT NULL);
    INSERT INTO differing_rows ({{ columns | join(", ") }}, is_new, is_gone)
    SELECT
{% for column in columns %}
        COALESCE(d.{{ column }}, b.{{ column }}),
{% endfor %}
        b.{{ fact_id }} IS NULL,
        d.{{ fact_id }} IS NULL
    FROM desired_rows AS d
    FULL OUTER JOIN (
        SELECT {{ columns | qualified("f") | join(", ") }}
        FROM {{ table }} AS f
        INNER JOIN {{ work }}_touched_{{ bridge.fact }}s AS t ON f.{{ fact_id }} = t.{{ fact_id }} AND t.run_id = p_run_id
    ) AS b ON d.{{ fact_id }} = b.{{ fact_id }} AND d.{{ bridge.key }} = b.{{ bridge.key }}
    WHERE
        d.{{ fact_id }} IS NULL
        OR b.{{ fact_id }} IS NULL
{% for column in [sk] + bridge.names %}
        OR d.{{ column }} <> b.{{ column }}
{% endfor %}
    ;

    SELECT INTO v_staged COUNT(*) FROM {{ work }}_{{ bridge.fact }}_{{ bridge.dimension }}s WHERE run_id = p_run_id;
    SELECT INTO v_inserted, v_versioned
        COALESCE(SUM(CASE WHEN r.is_new THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN r.is_new OR r.is_gone THEN 0 ELSE 1 END), 0)
    FROM {{ work }}_{{ bridge.fact }}_{{ bridge.dimension }}s AS s
    INNER JOIN differing_rows AS r ON s.{{ fact_id }} = r.{{ fact_id }} AND s.{{ bridge.key }} = r.{{ bridge.key }}
    INNER JOIN {{ work }}_touched_{{ bridge.fact }}s AS t
        ON s.{{ fact_id }} = t.{{ fact_id }} AND t.run_id = p_run_id AND t.last_seen_on = v_day
    WHERE s.run_id = p_run_id;
    SELECT INTO v_deleted COUNT(*) FROM differing_rows WHERE is_gone;

    DELETE FROM {{ table }}
    USING differing_rows
    WHERE
        {{ bridge.table_name }}.{{ fact_id }} = differing_rows.{{ fact_id }}
        AND {{ bridge.table_name }}.{{ bridge.key }} = differing_rows.{{ bridge.key }};
    INSERT INTO {{ table }} ({{ columns | join(", ") }})
    SELECT
        {{ columns | join(", ") }}
    FROM differing_rows
    WHERE NOT is_gone;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    CALL etl.sp_record_star_table(p_run_id, '{{ bridge.table_name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ bridge.table_name }}', 'merge', v_started,
        v_repointed + v_rows);
END;
$$ LANGUAGE plpgsql;
