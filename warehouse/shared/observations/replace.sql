{%- set fact = star.bridges[0].fact -%}
{%- set work = "staging." ~ star.name -%}
{%- set versioned = star.dimensions | selectattr("history", "equalto", "versioned") | list -%}
{%- set latest = star.dimensions | selectattr("history", "equalto", "latest") | list -%}
{%- macro replaced(name, staged, columns) %}
    DELETE FROM {{ star.name }}.{{ name }}_observations WHERE observed_on = v_day;
    INSERT INTO {{ star.name }}.{{ name }}_observations (
        {{ columns | listed(8) }}
    )
    SELECT
        {{ columns | listed(8) }}
    FROM {{ work }}_{{ staged }}
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;
{% endmacro -%}
-- First step of publishing: replaces the observations of the run's day with the staged rows.
-- Before that, it records in work tables which ids changed, so that later steps derive only those again: ids whose hash
-- differs from the version of that day, and ids that the day no longer shows with the same content.
-- It fails if no {{ fact }}s are staged: a publication that is sent twice must not count as a day without {{ fact }}s.
-- Reads: etl.run_tables, etl.runs, {{ work }}_{{ fact }}s, {{ star.name }}.fact_{{ fact }}_snapshots
{%- for dimension in versioned %}, {{ star.name }}.{{ dimension.table_name }}{% endfor %}
{%- for dimension in versioned + latest %},
-- {{ work }}_{{ dimension.curated }}, {{ star.name }}.{{ dimension.name }}_observations
{%- endfor %}
{%- for bridge in star.bridges %}, {{ work }}_{{ fact }}_{{ bridge.dimension }}s{% endfor %}

-- Writes: {{ work }}_touched_members, {{ work }}_removed_members, {{ work }}_removed_{{ fact }}s,
-- {{ work }}_changed_members, {{ work }}_moved_references
{%- for dimension in versioned + latest %},
-- {{ star.name }}.{{ dimension.name }}_observations
{%- endfor %}
{%- for bridge in star.bridges %},
-- {{ star.name }}.{{ fact }}_{{ bridge.dimension }}_observations
{%- endfor %}

CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_replace_observations(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_curated BIGINT;
    v_inserted BIGINT := 0;
    v_rows BIGINT := 0;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;
    SELECT INTO v_staged COUNT(*) FROM {{ work }}_{{ fact }}s WHERE run_id = p_run_id;
    SELECT INTO v_curated COALESCE(SUM(curated_records), 0)
    FROM etl.run_tables
    WHERE run_id = p_run_id AND layer = 'raw' AND table_name = '{{ fact }}s';
    IF v_staged = 0 OR v_staged <> v_curated THEN
        RAISE EXCEPTION 'run % has % {{ fact }}s staged and % curated: the day is left as it is',
            p_run_id, v_staged, v_curated;
    END IF;

    DELETE FROM {{ work }}_touched_members WHERE run_id = p_run_id;
{% for dimension in versioned %}
{% set id = dimension.key %}
{% set sk = dimension.name ~ "_sk" %}
    INSERT INTO {{ work }}_touched_members (run_id, dimension, member_id, was_observed)
    SELECT
        p_run_id,
        '{{ dimension.name }}',
        {{ id }},
        BOOL_OR(was_observed)
    FROM (
        SELECT
            s.{{ id }},
            FALSE AS was_observed
        FROM {{ work }}_{{ dimension.curated }} AS s
        LEFT JOIN {{ star.name }}.{{ dimension.table_name }} AS v
            ON s.{{ id }} = v.{{ id }} AND v.valid_from <= v_day AND v.valid_to > v_day AND v.{{ sk }} <> 0
        WHERE s.run_id = p_run_id AND (v.{{ id }} IS NULL OR v.row_hash <> s.row_hash)
        UNION ALL
        SELECT
            o.{{ id }},
            TRUE AS was_observed
        FROM {{ star.name }}.{{ dimension.name }}_observations AS o
        LEFT JOIN {{ work }}_{{ dimension.curated }} AS s
            ON o.{{ id }} = s.{{ id }} AND o.row_hash = s.row_hash AND s.run_id = p_run_id
        WHERE o.observed_on = v_day AND s.{{ id }} IS NULL
    ) AS touched
    GROUP BY {{ id }};

{% endfor %}
    -- Members and {{ fact }}s that were observed on this day and no longer are.
    DELETE FROM {{ work }}_removed_members WHERE run_id = p_run_id;
{% for dimension in latest %}
{% set id = dimension.key %}
    INSERT INTO {{ work }}_removed_members (run_id, dimension, member_id)
    SELECT
        p_run_id,
        '{{ dimension.name }}',
        o.{{ id }}
    FROM {{ star.name }}.{{ dimension.name }}_observations AS o
    LEFT JOIN {{ work }}_{{ dimension.curated }} AS s ON o.{{ id }} = s.{{ id }} AND s.run_id = p_run_id
    WHERE o.observed_on = v_day AND s.{{ id }} IS NULL;

{% endfor %}
    DELETE FROM {{ work }}_removed_{{ fact }}s WHERE run_id = p_run_id;
    INSERT INTO {{ work }}_removed_{{ fact }}s (run_id, {{ fact }}_id)
    SELECT
        p_run_id,
        f.{{ fact }}_id
    FROM {{ star.name }}.fact_{{ fact }}_snapshots AS f
    LEFT JOIN {{ work }}_{{ fact }}s AS s ON f.{{ fact }}_id = s.{{ fact }}_id AND s.run_id = p_run_id
    WHERE f.observed_on = v_day AND s.{{ fact }}_id IS NULL;

    -- The merges of dimensions add rows to these tables.
    DELETE FROM {{ work }}_changed_members WHERE run_id = p_run_id;
    DELETE FROM {{ work }}_moved_references WHERE run_id = p_run_id;

{% for dimension in versioned %}
{{ replaced(dimension.name, dimension.curated, [dimension.key, "observed_on", "row_hash"] + dimension.volatile_names) }}
{% endfor %}
{% for dimension in latest %}
{{ replaced(dimension.name, dimension.curated, [dimension.key, "observed_on"] + dimension.names) }}
{% endfor %}
{% for bridge in star.bridges %}
{{ replaced(fact ~ "_" ~ bridge.dimension, fact ~ "_" ~ bridge.dimension ~ "s", [fact ~ "_id", "observed_on", bridge.key] + bridge.names) }}
{% endfor %}
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_replace_observations', 'replace', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
