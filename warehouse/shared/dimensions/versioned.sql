{%- set thing = dimension.name -%}
{%- set name = dimension.table_name -%}
{%- set table = star.name ~ "." ~ name -%}
{%- set staged = "staging.%s_%s" % (star.name, dimension.curated) -%}
{%- set columns = dimension.names -%}
{%- set work = "staging." ~ star.name -%}
-- SCD type 2, whatever the order of days: the versions of every touched {{ thing }} are derived again.
-- Only the run's day has changed, so versions that began before it stand, and stand for what was observed until then;
-- observations are read from the day on. A load in order of days reads one day, however long the history.
-- An existing version keeps its surrogate key when the same content still begins within its new range.
-- Reads: {{ staged }}, {{ work }}_touched_members, {{ table }}, {{ star.name }}.v_{{ thing }}_ranges,
-- {{ star.name }}.{{ thing }}_observations, {{ star.name }}.unknown_references, etl.runs
-- Writes: {{ table }}, {{ work }}_moved_references
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ name }}(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_rows BIGINT;
    v_revised BIGINT;
    v_from DATE;
    v_to DATE;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    DROP TABLE IF EXISTS former_ranges;
    CREATE TEMP TABLE former_ranges (
        {{ thing }}_sk BIGINT NOT NULL, {{ thing }}_id VARCHAR(256) NOT NULL, effective_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO former_ranges ({{ thing }}_sk, {{ thing }}_id, effective_from, valid_to)
    SELECT
        r.{{ thing }}_sk,
        r.{{ thing }}_id,
        r.effective_from,
        r.valid_to
    FROM {{ star.name }}.v_{{ thing }}_ranges AS r
    INNER JOIN {{ work }}_touched_members AS t
        ON r.{{ thing }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ thing }}';

    DROP TABLE IF EXISTS touched_history;
    CREATE TEMP TABLE touched_history (
        {{ thing }}_id VARCHAR(256) NOT NULL, observed_on DATE NOT NULL, row_hash VARCHAR(64) NOT NULL
    );
    INSERT INTO touched_history ({{ thing }}_id, observed_on, row_hash)
    SELECT
        v.{{ thing }}_id,
        v.valid_from,
        v.row_hash
    FROM {{ table }} AS v
    INNER JOIN {{ work }}_touched_members AS t
        ON v.{{ thing }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ thing }}'
    WHERE v.valid_from < v_day AND v.{{ thing }}_sk <> 0;
    INSERT INTO touched_history ({{ thing }}_id, observed_on, row_hash)
    SELECT
        o.{{ thing }}_id,
        o.observed_on,
        o.row_hash
    FROM {{ star.name }}.{{ thing }}_observations AS o
    INNER JOIN {{ work }}_touched_members AS t
        ON o.{{ thing }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ thing }}'
    WHERE o.observed_on >= v_day;

    -- A version starts where the hash changes, and ends where the next one starts.
    DROP TABLE IF EXISTS desired_versions;
    CREATE TEMP TABLE desired_versions (
        {{ thing }}_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO desired_versions ({{ thing }}_id, row_hash, valid_from, valid_to)
    SELECT
        {{ thing }}_id,
        row_hash,
        observed_on,
        COALESCE(
            LEAD(observed_on, 1) OVER (PARTITION BY {{ thing }}_id ORDER BY observed_on), CAST('9999-12-31' AS DATE)
        )
    FROM (
        SELECT
            {{ thing }}_id,
            row_hash,
            observed_on,
            LAG(row_hash, 1) OVER (PARTITION BY {{ thing }}_id ORDER BY observed_on) AS previous_hash
        FROM touched_history
    ) AS seen
    WHERE previous_hash IS NULL OR previous_hash <> row_hash;

    DROP TABLE IF EXISTS kept_versions;
    CREATE TEMP TABLE kept_versions (
        {{ thing }}_sk BIGINT NOT NULL, {{ thing }}_id VARCHAR(256) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO kept_versions ({{ thing }}_sk, {{ thing }}_id, valid_from, valid_to)
    SELECT
        MIN(v.{{ thing }}_sk),
        d.{{ thing }}_id,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    INNER JOIN {{ table }} AS v
        ON
            d.{{ thing }}_id = v.{{ thing }}_id
            AND d.row_hash = v.row_hash
            AND v.valid_from >= d.valid_from
            AND v.valid_from < d.valid_to
    GROUP BY d.{{ thing }}_id, d.valid_from, d.valid_to;

    DROP TABLE IF EXISTS missing_versions;
    CREATE TEMP TABLE missing_versions (
        {{ thing }}_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO missing_versions ({{ thing }}_id, row_hash, valid_from, valid_to)
    SELECT
        d.{{ thing }}_id,
        d.row_hash,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    LEFT JOIN kept_versions AS k ON d.{{ thing }}_id = k.{{ thing }}_id AND d.valid_from = k.valid_from
    WHERE k.{{ thing }}_id IS NULL;

    -- The books: what becomes of each staged row, before anything is changed.
    SELECT INTO v_staged COUNT(*) FROM {{ staged }} WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM {{ staged }} AS s
    LEFT JOIN (SELECT DISTINCT {{ thing }}_id FROM {{ table }} WHERE {{ thing }}_sk <> 0) AS known
        ON s.{{ thing }}_id = known.{{ thing }}_id
    WHERE s.run_id = p_run_id AND known.{{ thing }}_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM {{ staged }} AS s
    INNER JOIN missing_versions AS m
        ON s.{{ thing }}_id = m.{{ thing }}_id AND m.valid_from <= v_day AND m.valid_to > v_day
    INNER JOIN (SELECT DISTINCT {{ thing }}_id FROM former_ranges) AS known ON s.{{ thing }}_id = known.{{ thing }}_id
    WHERE s.run_id = p_run_id;

    -- What is missing takes its content from what was staged, else from a version with the same content.
    DROP TABLE IF EXISTS new_versions;
    CREATE TEMP TABLE new_versions (LIKE {{ table }});
    INSERT INTO new_versions (
        {{ thing }}_sk, {{ thing }}_id, {{ columns | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        0,
        m.{{ thing }}_id,
        {{ columns | qualified("s") | join(", ") }},
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN {{ staged }} AS s ON m.{{ thing }}_id = s.{{ thing }}_id AND m.row_hash = s.row_hash
    WHERE s.run_id = p_run_id;
    INSERT INTO new_versions (
        {{ thing }}_sk, {{ thing }}_id, {{ columns | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        0,
        m.{{ thing }}_id,
        {{ columns | qualified("v") | join(", ") }},
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN (
        SELECT
            {{ thing }}_id,
            row_hash,
            MIN({{ thing }}_sk) AS {{ thing }}_sk
        FROM {{ table }}
        GROUP BY {{ thing }}_id, row_hash
    ) AS same ON m.{{ thing }}_id = same.{{ thing }}_id AND m.row_hash = same.row_hash
    INNER JOIN {{ table }} AS v ON same.{{ thing }}_sk = v.{{ thing }}_sk
    LEFT JOIN {{ staged }} AS s
        ON m.{{ thing }}_id = s.{{ thing }}_id AND m.row_hash = s.row_hash AND s.run_id = p_run_id
    WHERE s.{{ thing }}_id IS NULL;

    DROP TABLE IF EXISTS obsolete_versions;
    CREATE TEMP TABLE obsolete_versions ({{ thing }}_sk BIGINT NOT NULL);
    INSERT INTO obsolete_versions ({{ thing }}_sk)
    SELECT f.{{ thing }}_sk
    FROM former_ranges AS f
    LEFT JOIN kept_versions AS k ON f.{{ thing }}_sk = k.{{ thing }}_sk
    WHERE k.{{ thing }}_sk IS NULL;

    DELETE FROM {{ table }}
    USING obsolete_versions
    WHERE {{ name }}.{{ thing }}_sk = obsolete_versions.{{ thing }}_sk;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE {{ table }}
    SET
        valid_from = k.valid_from,
        valid_to = k.valid_to,
        is_current = (k.valid_to = CAST('9999-12-31' AS DATE))
    FROM kept_versions AS k
    WHERE
        {{ name }}.{{ thing }}_sk = k.{{ thing }}_sk
        AND ({{ name }}.valid_from <> k.valid_from OR {{ name }}.valid_to <> k.valid_to);

    INSERT INTO {{ table }} (
        {{ thing }}_id, {{ columns | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        {{ thing }}_id,
        {{ columns | join(", ") }},
        valid_from,
        valid_to,
        is_current,
        row_hash
    FROM new_versions;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    -- What is volatile is as in a version's latest observation.
    DROP TABLE IF EXISTS latest_observations;
    CREATE TEMP TABLE latest_observations (
        {{ thing }}_sk BIGINT NOT NULL, {{ thing }}_id VARCHAR(256) NOT NULL, observed_on DATE NOT NULL
    );
    INSERT INTO latest_observations ({{ thing }}_sk, {{ thing }}_id, observed_on)
    SELECT
        v.{{ thing }}_sk,
        v.{{ thing }}_id,
        MAX(h.observed_on)
    FROM {{ table }} AS v
    INNER JOIN touched_history AS h
        ON v.{{ thing }}_id = h.{{ thing }}_id AND v.valid_from <= h.observed_on AND v.valid_to > h.observed_on
    WHERE h.observed_on >= v_day
    GROUP BY v.{{ thing }}_sk, v.{{ thing }}_id;
    -- A version from before the day that lost what was observed later: its latest observation is found again.
    DROP TABLE IF EXISTS revised_keys;
    CREATE TEMP TABLE revised_keys ({{ thing }}_id VARCHAR(256) NOT NULL);
    INSERT INTO revised_keys ({{ thing }}_id)
    SELECT member_id FROM {{ work }}_touched_members
    WHERE run_id = p_run_id AND dimension = '{{ thing }}' AND was_observed
    UNION
    SELECT {{ thing }}_id FROM touched_history WHERE observed_on > v_day;
    GET DIAGNOSTICS v_revised := ROW_COUNT;
    IF v_revised > 0 THEN
        INSERT INTO latest_observations ({{ thing }}_sk, {{ thing }}_id, observed_on)
        SELECT
            v.{{ thing }}_sk,
            v.{{ thing }}_id,
            MAX(o.observed_on)
        FROM {{ table }} AS v
        INNER JOIN revised_keys AS r ON v.{{ thing }}_id = r.{{ thing }}_id
        INNER JOIN {{ star.name }}.{{ thing }}_observations AS o ON v.{{ thing }}_id = o.{{ thing }}_id AND v.valid_from <= o.observed_on
        LEFT JOIN latest_observations AS l ON v.{{ thing }}_sk = l.{{ thing }}_sk
        WHERE
            v.valid_from < v_day
            AND v.valid_to >= v_day
            AND o.observed_on < v_day
            AND l.{{ thing }}_sk IS NULL
        GROUP BY v.{{ thing }}_sk, v.{{ thing }}_id;
    END IF;
    -- For a {{ thing }} that is not touched, this run's observation is the latest unless a later one lies in its version.
    INSERT INTO latest_observations ({{ thing }}_sk, {{ thing }}_id, observed_on)
    SELECT
        v.{{ thing }}_sk,
        v.{{ thing }}_id,
        v_day
    FROM {{ staged }} AS s
    INNER JOIN {{ table }} AS v
        ON s.{{ thing }}_id = v.{{ thing }}_id AND v.valid_from <= v_day AND v.valid_to > v_day
    LEFT JOIN {{ work }}_touched_members AS t
        ON s.{{ thing }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ thing }}'
    LEFT JOIN (
        SELECT DISTINCT later_version.{{ thing }}_sk
        FROM {{ star.name }}.{{ thing }}_observations AS o
        INNER JOIN {{ table }} AS later_version
            ON
                o.{{ thing }}_id = later_version.{{ thing }}_id
                AND later_version.valid_from <= v_day
                AND later_version.valid_to > o.observed_on
        WHERE o.observed_on > v_day
    ) AS outdated ON v.{{ thing }}_sk = outdated.{{ thing }}_sk
    WHERE s.run_id = p_run_id AND t.member_id IS NULL AND outdated.{{ thing }}_sk IS NULL;
    SELECT INTO v_from, v_to
        MIN(observed_on),
        MAX(observed_on)
    FROM latest_observations;
    UPDATE {{ table }}
    SET
{% for column in dimension.volatile_names %}
        {{ column }} = c.{{ column }}{{ "" if loop.last else "," }}
{% endfor %}
    FROM (
        SELECT
            l.{{ thing }}_sk,
            {{ dimension.volatile_names | qualified("o") | join(", ") }}
        FROM latest_observations AS l
        INNER JOIN {{ star.name }}.{{ thing }}_observations AS o ON l.{{ thing }}_id = o.{{ thing }}_id AND l.observed_on = o.observed_on
        WHERE o.observed_on >= v_from AND o.observed_on <= v_to
    ) AS c
    WHERE
        {{ name }}.{{ thing }}_sk = c.{{ thing }}_sk
        AND (
{% for column in dimension.volatile_names %}
            {{ "OR " if not loop.first }}{{ name }}.{{ column }} <> c.{{ column }}
            OR ({{ name }}.{{ column }} IS NULL) <> (c.{{ column }} IS NULL)
{% endfor %}
        );

    -- On which days a fact that names a {{ thing }} must point elsewhere: its version of that day is another one now,
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT
        p_run_id,
        '{{ thing }}',
        r.{{ thing }}_id,
        GREATEST(r.effective_from, f.effective_from),
        LEAST(r.valid_to, f.valid_to)
    FROM {{ star.name }}.v_{{ thing }}_ranges AS r
    INNER JOIN former_ranges AS f
        ON
            r.{{ thing }}_id = f.{{ thing }}_id
            AND r.{{ thing }}_sk <> f.{{ thing }}_sk
            AND r.effective_from < f.valid_to
            AND f.effective_from < r.valid_to;
    -- or it is known now, or it is known no longer.
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT
        p_run_id,
        '{{ thing }}',
        u.natural_id,
        u.observed_on,
        CAST(DATEADD(DAY, 1, u.observed_on) AS DATE)
    FROM {{ star.name }}.unknown_references AS u
    INNER JOIN {{ work }}_touched_members AS t
        ON u.natural_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ thing }}'
    LEFT JOIN former_ranges AS f ON u.natural_id = f.{{ thing }}_id
    WHERE u.dimension = '{{ thing }}' AND f.{{ thing }}_id IS NULL;
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT DISTINCT
        p_run_id,
        '{{ thing }}',
        f.{{ thing }}_id,
        CAST('0001-01-01' AS DATE),
        CAST('9999-12-31' AS DATE)
    FROM former_ranges AS f
    LEFT JOIN {{ table }} AS v ON f.{{ thing }}_id = v.{{ thing }}_id
    WHERE v.{{ thing }}_id IS NULL;

    CALL etl.sp_record_star_table(p_run_id, '{{ name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ name }}', 'merge', v_started, v_rows + v_deleted);
END;
$$ LANGUAGE plpgsql;
