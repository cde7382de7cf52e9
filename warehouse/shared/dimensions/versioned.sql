{%- set entity = dimension.name -%}
{%- set name = dimension.table_name -%}
{%- set table = star.name ~ "." ~ name -%}
{%- set staged = "staging.%s_%s" % (star.name, dimension.curated) -%}
{%- set columns = dimension.names -%}
{%- set work = "staging." ~ star.name -%}
-- SCD type 2, for days in any order: derives the versions of every touched {{ entity }} again.
-- Only the run's day has changed. Versions that began earlier stay, and their content represents the days before; only
-- observations from the run's day on are read. If days are loaded in order, that is one day, however long the history.
-- An existing version keeps its surrogate key if the same content still begins within its new range.
-- Reads: {{ staged }}, {{ work }}_touched_members, {{ table }}, {{ star.name }}.v_{{ entity }}_ranges,
-- {{ star.name }}.{{ entity }}_observations, {{ star.name }}.unknown_references, etl.runs
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
        {{ entity }}_sk BIGINT NOT NULL, {{ entity }}_id VARCHAR(256) NOT NULL, effective_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO former_ranges ({{ entity }}_sk, {{ entity }}_id, effective_from, valid_to)
    SELECT
        r.{{ entity }}_sk,
        r.{{ entity }}_id,
        r.effective_from,
        r.valid_to
    FROM {{ star.name }}.v_{{ entity }}_ranges AS r
    INNER JOIN {{ work }}_touched_members AS t
        ON r.{{ entity }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ entity }}';

    DROP TABLE IF EXISTS touched_history;
    CREATE TEMP TABLE touched_history (
        {{ entity }}_id VARCHAR(256) NOT NULL, observed_on DATE NOT NULL, row_hash VARCHAR(64) NOT NULL
    );
    INSERT INTO touched_history ({{ entity }}_id, observed_on, row_hash)
    SELECT
        v.{{ entity }}_id,
        v.valid_from,
        v.row_hash
    FROM {{ table }} AS v
    INNER JOIN {{ work }}_touched_members AS t
        ON v.{{ entity }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ entity }}'
    WHERE v.valid_from < v_day AND v.{{ entity }}_sk <> 0;
    INSERT INTO touched_history ({{ entity }}_id, observed_on, row_hash)
    SELECT
        o.{{ entity }}_id,
        o.observed_on,
        o.row_hash
    FROM {{ star.name }}.{{ entity }}_observations AS o
    INNER JOIN {{ work }}_touched_members AS t
        ON o.{{ entity }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ entity }}'
    WHERE o.observed_on >= v_day;

    -- A version starts where the hash changes, and ends where the next one starts.
    DROP TABLE IF EXISTS desired_versions;
    CREATE TEMP TABLE desired_versions (
        {{ entity }}_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO desired_versions ({{ entity }}_id, row_hash, valid_from, valid_to)
    SELECT
        {{ entity }}_id,
        row_hash,
        observed_on,
        COALESCE(
            LEAD(observed_on, 1) OVER (PARTITION BY {{ entity }}_id ORDER BY observed_on), CAST('9999-12-31' AS DATE)
        )
    FROM (
        SELECT
            {{ entity }}_id,
            row_hash,
            observed_on,
            LAG(row_hash, 1) OVER (PARTITION BY {{ entity }}_id ORDER BY observed_on) AS previous_hash
        FROM touched_history
    ) AS seen
    WHERE previous_hash IS NULL OR previous_hash <> row_hash;

    DROP TABLE IF EXISTS kept_versions;
    CREATE TEMP TABLE kept_versions (
        {{ entity }}_sk BIGINT NOT NULL, {{ entity }}_id VARCHAR(256) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO kept_versions ({{ entity }}_sk, {{ entity }}_id, valid_from, valid_to)
    SELECT
        MIN(v.{{ entity }}_sk),
        d.{{ entity }}_id,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    INNER JOIN {{ table }} AS v
        ON
            d.{{ entity }}_id = v.{{ entity }}_id
            AND d.row_hash = v.row_hash
            AND v.valid_from >= d.valid_from
            AND v.valid_from < d.valid_to
    GROUP BY d.{{ entity }}_id, d.valid_from, d.valid_to;

    DROP TABLE IF EXISTS missing_versions;
    CREATE TEMP TABLE missing_versions (
        {{ entity }}_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO missing_versions ({{ entity }}_id, row_hash, valid_from, valid_to)
    SELECT
        d.{{ entity }}_id,
        d.row_hash,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    LEFT JOIN kept_versions AS k ON d.{{ entity }}_id = k.{{ entity }}_id AND d.valid_from = k.valid_from
    WHERE k.{{ entity }}_id IS NULL;

    -- The counts for the reconciliation, taken before any row is changed.
    SELECT INTO v_staged COUNT(*) FROM {{ staged }} WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM {{ staged }} AS s
    LEFT JOIN (SELECT DISTINCT {{ entity }}_id FROM {{ table }} WHERE {{ entity }}_sk <> 0) AS known
        ON s.{{ entity }}_id = known.{{ entity }}_id
    WHERE s.run_id = p_run_id AND known.{{ entity }}_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM {{ staged }} AS s
    INNER JOIN missing_versions AS m
        ON s.{{ entity }}_id = m.{{ entity }}_id AND m.valid_from <= v_day AND m.valid_to > v_day
    INNER JOIN (SELECT DISTINCT {{ entity }}_id FROM former_ranges) AS known ON s.{{ entity }}_id = known.{{ entity }}_id
    WHERE s.run_id = p_run_id;

    -- A missing version takes its content from the staged row, or else from a version with the same content.
    DROP TABLE IF EXISTS new_versions;
    CREATE TEMP TABLE new_versions (LIKE {{ table }});
    INSERT INTO new_versions (
        {{ entity }}_sk, {{ entity }}_id, {{ columns | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        0,
        m.{{ entity }}_id,
        {{ columns | qualified("s") | join(", ") }},
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN {{ staged }} AS s ON m.{{ entity }}_id = s.{{ entity }}_id AND m.row_hash = s.row_hash
    WHERE s.run_id = p_run_id;
    INSERT INTO new_versions (
        {{ entity }}_sk, {{ entity }}_id, {{ columns | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        0,
        m.{{ entity }}_id,
        {{ columns | qualified("v") | join(", ") }},
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN (
        SELECT
            {{ entity }}_id,
            row_hash,
            MIN({{ entity }}_sk) AS {{ entity }}_sk
        FROM {{ table }}
        GROUP BY {{ entity }}_id, row_hash
    ) AS same ON m.{{ entity }}_id = same.{{ entity }}_id AND m.row_hash = same.row_hash
    INNER JOIN {{ table }} AS v ON same.{{ entity }}_sk = v.{{ entity }}_sk
    LEFT JOIN {{ staged }} AS s
        ON m.{{ entity }}_id = s.{{ entity }}_id AND m.row_hash = s.row_hash AND s.run_id = p_run_id
    WHERE s.{{ entity }}_id IS NULL;

    DROP TABLE IF EXISTS obsolete_versions;
    CREATE TEMP TABLE obsolete_versions ({{ entity }}_sk BIGINT NOT NULL);
    INSERT INTO obsolete_versions ({{ entity }}_sk)
    SELECT f.{{ entity }}_sk
    FROM former_ranges AS f
    LEFT JOIN kept_versions AS k ON f.{{ entity }}_sk = k.{{ entity }}_sk
    WHERE k.{{ entity }}_sk IS NULL;

    DELETE FROM {{ table }}
    USING obsolete_versions
    WHERE {{ name }}.{{ entity }}_sk = obsolete_versions.{{ entity }}_sk;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE {{ table }}
    SET
        valid_from = k.valid_from,
        valid_to = k.valid_to,
        is_current = (k.valid_to = CAST('9999-12-31' AS DATE))
    FROM kept_versions AS k
    WHERE
        {{ name }}.{{ entity }}_sk = k.{{ entity }}_sk
        AND ({{ name }}.valid_from <> k.valid_from OR {{ name }}.valid_to <> k.valid_to);

    INSERT INTO {{ table }} (
        {{ entity }}_id, {{ columns | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        {{ entity }}_id,
        {{ columns | join(", ") }},
        valid_from,
        valid_to,
        is_current,
        row_hash
    FROM new_versions;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    -- Volatile columns have the values of a version's latest observation.
    DROP TABLE IF EXISTS latest_observations;
    CREATE TEMP TABLE latest_observations (
        {{ entity }}_sk BIGINT NOT NULL, {{ entity }}_id VARCHAR(256) NOT NULL, observed_on DATE NOT NULL
    );
    INSERT INTO latest_observations ({{ entity }}_sk, {{ entity }}_id, observed_on)
    SELECT
        v.{{ entity }}_sk,
        v.{{ entity }}_id,
        MAX(h.observed_on)
    FROM {{ table }} AS v
    INNER JOIN touched_history AS h
        ON v.{{ entity }}_id = h.{{ entity }}_id AND v.valid_from <= h.observed_on AND v.valid_to > h.observed_on
    WHERE h.observed_on >= v_day
    GROUP BY v.{{ entity }}_sk, v.{{ entity }}_id;
    -- A version that began before the day and lost later observations: find its latest remaining observation.
    DROP TABLE IF EXISTS revised_keys;
    CREATE TEMP TABLE revised_keys ({{ entity }}_id VARCHAR(256) NOT NULL);
    INSERT INTO revised_keys ({{ entity }}_id)
    SELECT member_id FROM {{ work }}_touched_members
    WHERE run_id = p_run_id AND dimension = '{{ entity }}' AND was_observed
    UNION
    SELECT {{ entity }}_id FROM touched_history WHERE observed_on > v_day;
    GET DIAGNOSTICS v_revised := ROW_COUNT;
    IF v_revised > 0 THEN
        INSERT INTO latest_observations ({{ entity }}_sk, {{ entity }}_id, observed_on)
        SELECT
            v.{{ entity }}_sk,
            v.{{ entity }}_id,
            MAX(o.observed_on)
        FROM {{ table }} AS v
        INNER JOIN revised_keys AS r ON v.{{ entity }}_id = r.{{ entity }}_id
        INNER JOIN {{ star.name }}.{{ entity }}_observations AS o ON v.{{ entity }}_id = o.{{ entity }}_id AND v.valid_from <= o.observed_on
        LEFT JOIN latest_observations AS l ON v.{{ entity }}_sk = l.{{ entity }}_sk
        WHERE
            v.valid_from < v_day
            AND v.valid_to >= v_day
            AND o.observed_on < v_day
            AND l.{{ entity }}_sk IS NULL
        GROUP BY v.{{ entity }}_sk, v.{{ entity }}_id;
    END IF;
    -- For a {{ entity }} that is not touched, this run's observation is the latest, unless its version has a later one.
    INSERT INTO latest_observations ({{ entity }}_sk, {{ entity }}_id, observed_on)
    SELECT
        v.{{ entity }}_sk,
        v.{{ entity }}_id,
        v_day
    FROM {{ staged }} AS s
    INNER JOIN {{ table }} AS v
        ON s.{{ entity }}_id = v.{{ entity }}_id AND v.valid_from <= v_day AND v.valid_to > v_day
    LEFT JOIN {{ work }}_touched_members AS t
        ON s.{{ entity }}_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ entity }}'
    LEFT JOIN (
        SELECT DISTINCT later_version.{{ entity }}_sk
        FROM {{ star.name }}.{{ entity }}_observations AS o
        INNER JOIN {{ table }} AS later_version
            ON
                o.{{ entity }}_id = later_version.{{ entity }}_id
                AND later_version.valid_from <= v_day
                AND later_version.valid_to > o.observed_on
        WHERE o.observed_on > v_day
    ) AS outdated ON v.{{ entity }}_sk = outdated.{{ entity }}_sk
    WHERE s.run_id = p_run_id AND t.member_id IS NULL AND outdated.{{ entity }}_sk IS NULL;
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
            l.{{ entity }}_sk,
            {{ dimension.volatile_names | qualified("o") | join(", ") }}
        FROM latest_observations AS l
        INNER JOIN {{ star.name }}.{{ entity }}_observations AS o ON l.{{ entity }}_id = o.{{ entity }}_id AND l.observed_on = o.observed_on
        WHERE o.observed_on >= v_from AND o.observed_on <= v_to
    ) AS c
    WHERE
        {{ name }}.{{ entity }}_sk = c.{{ entity }}_sk
        AND (
{% for column in dimension.volatile_names %}
            {{ "OR " if not loop.first }}{{ name }}.{{ column }} <> c.{{ column }}
            OR ({{ name }}.{{ column }} IS NULL) <> (c.{{ column }} IS NULL)
{% endfor %}
        );

    -- Days on which a fact that names a {{ entity }} must refer to another row: because the version of that day changed,
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT
        p_run_id,
        '{{ entity }}',
        r.{{ entity }}_id,
        GREATEST(r.effective_from, f.effective_from),
        LEAST(r.valid_to, f.valid_to)
    FROM {{ star.name }}.v_{{ entity }}_ranges AS r
    INNER JOIN former_ranges AS f
        ON
            r.{{ entity }}_id = f.{{ entity }}_id
            AND r.{{ entity }}_sk <> f.{{ entity }}_sk
            AND r.effective_from < f.valid_to
            AND f.effective_from < r.valid_to;
    -- or because the {{ entity }} is known now, or no longer known.
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT
        p_run_id,
        '{{ entity }}',
        u.natural_id,
        u.observed_on,
        CAST(DATEADD(DAY, 1, u.observed_on) AS DATE)
    FROM {{ star.name }}.unknown_references AS u
    INNER JOIN {{ work }}_touched_members AS t
        ON u.natural_id = t.member_id AND t.run_id = p_run_id AND t.dimension = '{{ entity }}'
    LEFT JOIN former_ranges AS f ON u.natural_id = f.{{ entity }}_id
    WHERE u.dimension = '{{ entity }}' AND f.{{ entity }}_id IS NULL;
    INSERT INTO {{ work }}_moved_references (run_id, dimension, member_id, moved_from, moved_to)
    SELECT DISTINCT
        p_run_id,
        '{{ entity }}',
        f.{{ entity }}_id,
        CAST('0001-01-01' AS DATE),
        CAST('9999-12-31' AS DATE)
    FROM former_ranges AS f
    LEFT JOIN {{ table }} AS v ON f.{{ entity }}_id = v.{{ entity }}_id
    WHERE v.{{ entity }}_id IS NULL;

    CALL etl.sp_record_star_table(p_run_id, '{{ name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ name }}', 'merge', v_started, v_rows + v_deleted);
END;
$$ LANGUAGE plpgsql;
