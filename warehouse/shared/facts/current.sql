{%- macro same(left, right) %}{% for column in fact.joined_by %}{{ left }}.{{ column }} = {{ right }}.{{ column }}{{ "" if loop.last else " AND " }}{% endfor %}{% endmacro -%}
{%- macro through(reference) %}{{ reference.through or "t" }}{% endmacro -%}
{%- set changed = "changed_" ~ fact.curated -%}
{%- set keys = fact.joined_by -%}
{%- set content = fact.published | reject("in", keys) | list -%}
{%- set members = fact.references | map(attribute="name") | map("affixed", "", "_sk") | list -%}
{%- set written = keys + members + content + ["row_hash", "run_id"] -%}
-- Replaces the rows with those of the newest day. Each row gets the keys of its members from the merged dimensions, and
-- only rows that differ are written. Staged and published rows are compared in one pass, on the node that stores them.
-- Reads: staging.{{ star.name }}_{{ fact.curated }}, {{ star.name }}.{{ fact.table_name }}
{%- for name in fact.references | map(attribute="target") | unique %}, {{ star.name }}.dim_{{ name }}{% endfor %}

-- Writes: {{ star.name }}.{{ fact.table_name }}
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ fact.table_name }}(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_is_superseded BOOLEAN := FALSE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
BEGIN
    CALL etl.sp_find_newer_day(p_run_id, v_is_superseded);
    SELECT INTO v_staged COUNT(*) FROM staging.{{ star.name }}_{{ fact.curated }} WHERE run_id = p_run_id;

    DROP TABLE IF EXISTS {{ changed }};
    CREATE TEMP TABLE {{ changed }} (
        LIKE {{ star.name }}.{{ fact.table_name }}, was_there BOOLEAN NOT NULL, is_there BOOLEAN NOT NULL
    );
    INSERT INTO {{ changed }} (
        {{ (written + ["was_there", "is_there"]) | listed(8) }}
    )
    SELECT
{% for column in keys %}
        COALESCE(s.{{ column }}, f.{{ column }}),
{% endfor %}
        -- A row that is no longer staged keeps its values here: it is only deleted.
{% for column in members + content + ["row_hash"] %}
        CASE WHEN s.{{ fact.key }} IS NULL THEN f.{{ column }} ELSE s.{{ column }} END,
{% endfor %}
        p_run_id,
        f.{{ fact.key }} IS NOT NULL,
        s.{{ fact.key }} IS NOT NULL
    FROM (
        SELECT
            {{ ([fact.key] + fact.names + ["row_hash"]) | qualified("t") | listed(12) }},
{% for reference, column in fact.carried %}
            {{ "COALESCE(%s.%s, 0)" % (reference.name, column) if column.endswith("_date_key") else reference.name ~ "." ~ column }} AS {{ column }},
{% endfor %}
{% for reference in fact.references %}
            COALESCE({{ reference.name }}.{{ reference.target }}_sk, 0) AS {{ reference.name }}_sk,
{% endfor %}
            t.run_id
        FROM staging.{{ star.name }}_{{ fact.curated }} AS t
{% for reference in fact.references %}
        LEFT JOIN {{ star.name }}.dim_{{ reference.target }} AS {{ reference.name }}
            ON {{ through(reference) }}.{{ reference.id }} = {{ reference.name }}.{{ reference.target }}_id
{% endfor %}
        WHERE t.run_id = p_run_id
    ) AS s
    FULL JOIN {{ star.name }}.{{ fact.table_name }} AS f ON {{ same("s", "f") }}
    WHERE
        NOT v_is_superseded
        AND (
            f.{{ fact.key }} IS NULL
            OR s.{{ fact.key }} IS NULL
            OR s.row_hash <> f.row_hash
{% for column in members %}
            OR s.{{ column }} <> f.{{ column }}
{% endfor %}
{% for _, column in fact.carried %}
            OR s.{{ column }} <> f.{{ column }}
{% if not column.endswith("_date_key") %}
            OR (s.{{ column }} IS NULL) <> (f.{{ column }} IS NULL)
{% endif %}
{% endfor %}
        );
    ANALYZE {{ changed }};

    SELECT INTO v_inserted, v_versioned, v_deleted
        COALESCE(SUM(CASE WHEN NOT was_there THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN was_there AND is_there THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN NOT is_there THEN 1 ELSE 0 END), 0)
    FROM {{ changed }};

    DELETE FROM {{ star.name }}.{{ fact.table_name }}
    USING {{ changed }}
    WHERE
        {{ same(fact.table_name, changed) }}
        AND {{ changed }}.was_there;

    INSERT INTO {{ star.name }}.{{ fact.table_name }} (
        {{ written | listed(8) }}
    )
    SELECT
        {{ written | listed(8) }}
    FROM {{ changed }}
    WHERE is_there;
    ANALYZE {{ star.name }}.{{ fact.table_name }};

    CALL etl.sp_record_star_table(p_run_id, '{{ fact.table_name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ fact.table_name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
