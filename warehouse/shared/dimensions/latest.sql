-- Type 1: a member has the content of its latest observation, and exists as long as it has any.
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ dimension.table_name }}(p_run_id IN VARCHAR(128))
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
    CREATE TEMP TABLE latest_members (LIKE {{ star.name }}.{{ dimension.table_name }});
    INSERT INTO latest_members ({{ dimension.name }}_sk, {{ dimension.name }}_id, {{ dimension.names | join(", ") }}, first_seen_on, last_seen_on)
    SELECT
        0,
        s.{{ dimension.name }}_id,
        {{ dimension.names | qualified("s") | join(", ") }},
        LEAST(COALESCE(d.first_seen_on, v_day), v_day),
        v_day
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    LEFT JOIN {{ star.name }}.{{ dimension.table_name }} AS d ON s.{{ dimension.name }}_id = d.{{ dimension.name }}_id AND d.{{ dimension.name }}_sk <> 0
    WHERE s.run_id = p_run_id AND COALESCE(d.last_seen_on, v_day) <= v_day;
    INSERT INTO latest_members ({{ dimension.name }}_sk, {{ dimension.name }}_id, {{ dimension.names | join(", ") }}, first_seen_on, last_seen_on)
    SELECT
        0,
        d.{{ dimension.name }}_id,
        {{ dimension.names | qualified("d") | join(", ") }},
        LEAST(d.first_seen_on, v_day),
        d.last_seen_on
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    INNER JOIN {{ star.name }}.{{ dimension.table_name }} AS d ON s.{{ dimension.name }}_id = d.{{ dimension.name }}_id AND d.{{ dimension.name }}_sk <> 0
    WHERE s.run_id = p_run_id AND d.last_seen_on > v_day;
    -- Those that are no longer seen on this day are found again among the other days.
    SELECT INTO v_removed COUNT(*) FROM removed_{{ dimension.name }}s;
    IF v_removed > 0 THEN
        INSERT INTO latest_members ({{ dimension.name }}_sk, {{ dimension.name }}_id, {{ dimension.names | join(", ") }}, first_seen_on, last_seen_on)
        SELECT
            0,
            {{ dimension.name }}_id,
            {{ dimension.names | join(", ") }},
            first_seen_on,
            observed_on
        FROM (
            SELECT
                o.{{ dimension.name }}_id,
                {{ dimension.names | qualified("o") | join(", ") }},
                o.observed_on,
                MIN(o.observed_on) OVER (PARTITION BY o.{{ dimension.name }}_id) AS first_seen_on,
                ROW_NUMBER() OVER (PARTITION BY o.{{ dimension.name }}_id ORDER BY o.observed_on DESC) AS recency
            FROM {{ star.name }}.{{ dimension.name }}_observations AS o
            INNER JOIN removed_{{ dimension.name }}s AS r ON o.{{ dimension.name }}_id = r.{{ dimension.name }}_id
        ) AS seen
        WHERE recency = 1;
    END IF;

    -- Members that come or go: facts that name them are pointed anew.
    DROP TABLE IF EXISTS changed_{{ dimension.name }}s;
    CREATE TEMP TABLE changed_{{ dimension.name }}s ({{ dimension.name }}_id VARCHAR(1600) NOT NULL, is_known BOOLEAN NOT NULL);
    INSERT INTO changed_{{ dimension.name }}s ({{ dimension.name }}_id, is_known)
    SELECT
        l.{{ dimension.name }}_id,
        TRUE
    FROM latest_members AS l
    LEFT JOIN {{ star.name }}.{{ dimension.table_name }} AS d ON l.{{ dimension.name }}_id = d.{{ dimension.name }}_id AND d.{{ dimension.name }}_sk <> 0
    WHERE d.{{ dimension.name }}_id IS NULL;
    INSERT INTO changed_{{ dimension.name }}s ({{ dimension.name }}_id, is_known)
    SELECT
        r.{{ dimension.name }}_id,
        FALSE
    FROM removed_{{ dimension.name }}s AS r
    LEFT JOIN latest_members AS l ON r.{{ dimension.name }}_id = l.{{ dimension.name }}_id
    WHERE l.{{ dimension.name }}_id IS NULL;
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT
        '{{ dimension.name }}',
        u.natural_id,
        u.observed_on,
        CAST(DATEADD(DAY, 1, u.observed_on) AS DATE)
    FROM {{ star.name }}.unknown_references AS u
    INNER JOIN changed_{{ dimension.name }}s AS c ON u.natural_id = c.{{ dimension.name }}_id
    WHERE u.dimension = '{{ dimension.name }}' AND c.is_known;
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT
        '{{ dimension.name }}',
        {{ dimension.name }}_id,
        CAST('0001-01-01' AS DATE),
        CAST('9999-12-31' AS DATE)
    FROM changed_{{ dimension.name }}s
    WHERE NOT is_known;

    SELECT INTO v_staged COUNT(*) FROM staging.{{ star.name }}_{{ dimension.curated }} WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    INNER JOIN changed_{{ dimension.name }}s AS c ON s.{{ dimension.name }}_id = c.{{ dimension.name }}_id
    WHERE s.run_id = p_run_id;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    INNER JOIN latest_members AS l ON s.{{ dimension.name }}_id = l.{{ dimension.name }}_id
    INNER JOIN {{ star.name }}.{{ dimension.table_name }} AS d ON l.{{ dimension.name }}_id = d.{{ dimension.name }}_id AND d.{{ dimension.name }}_sk <> 0
    WHERE
        s.run_id = p_run_id
        AND (
{% for column in dimension.names %}
            {{ "OR " if not loop.first }}COALESCE(d.{{ column }}, '-') <> COALESCE(l.{{ column }}, '-')
{% endfor %}
        );

    DELETE FROM {{ star.name }}.{{ dimension.table_name }}
    USING changed_{{ dimension.name }}s
    WHERE {{ dimension.table_name }}.{{ dimension.name }}_id = changed_{{ dimension.name }}s.{{ dimension.name }}_id AND {{ dimension.table_name }}.{{ dimension.name }}_sk <> 0;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE {{ star.name }}.{{ dimension.table_name }}
    SET
{% for column in dimension.names %}
        {{ column }} = l.{{ column }},
{% endfor %}
        first_seen_on = l.first_seen_on,
        last_seen_on = l.last_seen_on
    FROM latest_members AS l
    WHERE {{ dimension.table_name }}.{{ dimension.name }}_id = l.{{ dimension.name }}_id AND {{ dimension.table_name }}.{{ dimension.name }}_sk <> 0;

    INSERT INTO {{ star.name }}.{{ dimension.table_name }} ({{ dimension.name }}_id, {{ dimension.names | join(", ") }}, first_seen_on, last_seen_on)
    SELECT
        l.{{ dimension.name }}_id,
        {{ dimension.names | qualified("l") | join(", ") }},
        l.first_seen_on,
        l.last_seen_on
    FROM latest_members AS l
    INNER JOIN changed_{{ dimension.name }}s AS c ON l.{{ dimension.name }}_id = c.{{ dimension.name }}_id AND c.is_known;

    CALL etl.sp_record_star_table(p_run_id, '{{ dimension.table_name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ dimension.table_name }}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
