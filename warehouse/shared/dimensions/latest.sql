{%- set thing = dimension.name -%}
{%- set name = dimension.table_name -%}
{%- set table = star.name ~ "." ~ name -%}
{%- set staged = "staging.%s_%s" % (star.name, dimension.curated) -%}
{%- set columns = dimension.names -%}
{%- set work = "staging." ~ star.name -%}
-- Type 1: a member has the content of its latest observation, and exists as long as it has any.
-- Reads: {{ staged }}, {{ work }}_removed_members, {{ work }}_changed_members, {{ table }},
-- {{ star.name }}.{{ thing }}_observations, {{ star.name }}.unknown_references, etl.runs
-- Writes: {{ table }}, {{ work }}_changed_members, {{ work }}_moved_references
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ name }}(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_removed BIGINT;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    -- Staged members take their content from this day, unless they were seen later.
    DROP TABLE IF EXISTS latest_members;
    CREATE TEMP TABLE latest_members (LIKE {{ table }});
    INSERT INTO latest_members ({{ thing }}_sk, {{ thing }}_id, {{ columns | join(", ") }}, first_seen_on, last_seen_on)
    SELECT
        0,
        s.{{ thing }}_id,
        {{ columns | qualified("s") | join(", ") }},
        LEAST(COALESCE(d.first_seen_on, v_day), v_day),
        v_day
    FROM {{ staged }} AS s
    LEFT JOIN {{ table }} AS d ON s.{{ thing }}_id = d.{{ thing }}_id AND d.{{ thing }}_sk <> 0
    WHERE s.run_id = p_run_id AND COALESCE(d.last_seen_on, v_day) <= v_day;
    INSERT INTO latest_members ({{ thing }}_sk, {{ thing }}_id, {{ columns | join(", ") }}, first_seen_on, last_seen_on)
    SELECT
        0,
        d.{{ thing }}_id,
        {{ columns | qualified("d") | join(", ") }},
        LEAST(d.first_seen_on, v_day),
        d.last_seen_on
    FROM {{ staged }} AS s
    INNER JOIN {{ table }} AS d ON s.{{ thing }}_id = d.{{ thing }}_id AND d.{{ thing }}_sk <> 0
    WHERE s.run_id = p_run_id AND d.last_seen_on > v_day;
    -- Those that are no longer seen on this day are found again among the other days.
    SELECT INTO v_removed COUNT(*)
    FROM {{ work }}_removed_members
    WHERE run_id = p_run_id AND dimension = '{{ thing }}';
    IF v_removed > 0 THEN
        INSERT INTO latest_members ({{ thing }}_sk, {{ thing }}_id, {{ columns | join(", ") }}, first_seen_on, last_seen_on)
        SELECT
            0,
            {{ thing }}_id,
            {{ columns | join(", ") }},
            first_seen_on,
            observed_on
        FROM (
            SELECT
                o.{{ thing }}_id,
                {{ columns | qualified("o") | join(", ") }},
                o.observed_on,
                MIN(o.observed_on) OVER (PARTITION BY o.{{ thing }}_id) AS first_seen_on,
                ROW_NUMBER() OVER (PARTITION BY o.{{ thing }}_id ORDER BY o.observed_on DESC) AS recency
            FROM {{ star.name }}.{{ thing }}_observations AS o
            INNER JOIN {{ work }}_removed_members AS r
                ON o.{{ thing }}_id = r.member_id AND r.run_id = p_run_id AND r.dimension = '{{ thing }}'
        ) AS seen
        WHERE recency = 1;
    END IF;

    -- Members that come or go: facts that name them must refer to another row.
    DELETE FROM {{ work }}_changed_members WHERE run_id = p_run_id AND dimension = '{{ thing }}';
    INSERT INTO {{ work }}_changed_members (run_id, dimension, member_id, is_known)
    SELECT
        p_run_id,
        '{{ thing }}',
        l.{{ thing }}_id,
        TRUE
    FROM latest_members AS l
    LEFT JOIN {{ table }} AS d ON l.{{ thing }}_id = d.{{ thing }}_id AND d.{{ thing }}_sk <> 0
    WHERE d.{{ thing }}_id IS NULL;
    INSERT INTO {{ work }}_changed_members (run_id, dimension, member_id, is_known)
    SELECT
        p_run_id,
        '{{ thing }}',
        r.member_id,
        FALSE
    FROM {{ work }}_removed_members AS r
    LEFT JOIN latest_members AS l ON r.member_id = l.{{ thing }}_id
    WHERE r.run_id = p_run_id AND r.dimension = '{{ thing }}' AND l.{{ thing }}_id IS NULL;
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT
        p_run_id,
        '{{ thing }}',
        u.natural_id,
        u.observed_on,
        CAST(DATEADD(DAY, 1, u.observed_on) AS DATE)
    FROM {{ star.name }}.unknown_references AS u
    INNER JOIN {{ work }}_changed_members AS c
        ON u.natural_id = c.member_id AND u.dimension = c.dimension
    WHERE c.run_id = p_run_id AND c.dimension = '{{ thing }}' AND c.is_known;
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT
        p_run_id,
        '{{ thing }}',
        member_id,
        CAST('0001-01-01' AS DATE),
        CAST('9999-12-31' AS DATE)
    FROM {{ work }}_changed_members
    WHERE run_id = p_run_id AND dimension = '{{ thing }}' AND NOT is_known;

    SELECT INTO v_staged COUNT(*) FROM {{ staged }} WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM {{ staged }} AS s
    INNER JOIN {{ work }}_changed_members AS c
        ON s.{{ thing }}_id = c.member_id AND s.run_id = c.run_id AND c.dimension = '{{ thing }}'
    WHERE s.run_id = p_run_id;
    SELECT INTO v_versioned COUNT(*)
    FROM {{ staged }} AS s
    INNER JOIN latest_members AS l ON s.{{ thing }}_id = l.{{ thing }}_id
    INNER JOIN {{ table }} AS d ON l.{{ thing }}_id = d.{{ thing }}_id AND d.{{ thing }}_sk <> 0
    WHERE
        s.run_id = p_run_id
        AND (
{% for column in columns %}
            {{ "OR " if not loop.first }}COALESCE(d.{{ column }}, '-') <> COALESCE(l.{{ column }}, '-')
{% endfor %}
        );

    DELETE FROM {{ table }}
    USING {{ work }}_changed_members
    WHERE
        {{ name }}.{{ thing }}_id = {{ star.name }}_changed_members.member_id
        AND {{ name }}.{{ thing }}_sk <> 0
        AND {{ star.name }}_changed_members.run_id = p_run_id
        AND {{ star.name }}_changed_members.dimension = '{{ thing }}';
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE {{ table }}
    SET
{% for column in columns %}
        {{ column }} = l.{{ column }},
{% endfor %}
        first_seen_on = l.first_seen_on,
        last_seen_on = l.last_seen_on
    FROM latest_members AS l
    WHERE {{ name }}.{{ thing }}_id = l.{{ thing }}_id AND {{ name }}.{{ thing }}_sk <> 0;

    INSERT INTO {{ table }} ({{ thing }}_id, {{ columns | join(", ") }}, first_seen_on, last_seen_on)
    SELECT
        l.{{ thing }}_id,
        {{ columns | qualified("l") | join(", ") }},
        l.first_seen_on,
        l.last_seen_on
    FROM latest_members AS l
    INNER JOIN {{ work }}_changed_members AS c
        ON l.{{ thing }}_id = c.member_id AND c.run_id = p_run_id AND c.dimension = '{{ thing }}' AND c.is_known;

    CALL etl.sp_record_star_table(p_run_id, '{{ name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
