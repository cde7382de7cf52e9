-- SCD type 2, whatever the order of days: the versions of every touched {{ dimension.name }} are derived anew.
-- Only the run's day has changed, so versions that began before it stand, and stand for what was observed until then;
-- observations are read from the day on. A load in order of days reads one day, however long the history.
-- An existing version keeps its surrogate key when the same content still begins within its new range.
CREATE OR REPLACE PROCEDURE {{ star.name }}.sp_merge_{{ dimension.table_name }}(p_run_id IN VARCHAR(128))
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
        {{ dimension.name }}_sk BIGINT NOT NULL, {{ dimension.name }}_id VARCHAR(256) NOT NULL, effective_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO former_ranges ({{ dimension.name }}_sk, {{ dimension.name }}_id, effective_from, valid_to)
    SELECT
        r.{{ dimension.name }}_sk,
        r.{{ dimension.name }}_id,
        r.effective_from,
        r.valid_to
    FROM {{ star.name }}.v_{{ dimension.name }}_ranges AS r
    INNER JOIN touched_{{ dimension.name }}s AS t ON r.{{ dimension.name }}_id = t.{{ dimension.name }}_id;

    DROP TABLE IF EXISTS touched_history;
    CREATE TEMP TABLE touched_history (
        {{ dimension.name }}_id VARCHAR(256) NOT NULL, observed_on DATE NOT NULL, row_hash VARCHAR(64) NOT NULL
    );
    INSERT INTO touched_history ({{ dimension.name }}_id, observed_on, row_hash)
    SELECT
        v.{{ dimension.name }}_id,
        v.valid_from,
        v.row_hash
    FROM {{ star.name }}.{{ dimension.table_name }} AS v
    INNER JOIN touched_{{ dimension.name }}s AS t ON v.{{ dimension.name }}_id = t.{{ dimension.name }}_id
    WHERE v.valid_from < v_day AND v.{{ dimension.name }}_sk <> 0;
    INSERT INTO touched_history ({{ dimension.name }}_id, observed_on, row_hash)
    SELECT
        o.{{ dimension.name }}_id,
        o.observed_on,
        o.row_hash
    FROM {{ star.name }}.{{ dimension.name }}_observations AS o
    INNER JOIN touched_{{ dimension.name }}s AS t ON o.{{ dimension.name }}_id = t.{{ dimension.name }}_id
    WHERE o.observed_on >= v_day;

    -- A version starts where the hash changes, and ends where the next one starts.
    DROP TABLE IF EXISTS desired_versions;
    CREATE TEMP TABLE desired_versions (
        {{ dimension.name }}_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO desired_versions ({{ dimension.name }}_id, row_hash, valid_from, valid_to)
    SELECT
        {{ dimension.name }}_id,
        row_hash,
        observed_on,
        COALESCE(
            LEAD(observed_on, 1) OVER (PARTITION BY {{ dimension.name }}_id ORDER BY observed_on), CAST('9999-12-31' AS DATE)
        )
    FROM (
        SELECT
            {{ dimension.name }}_id,
            row_hash,
            observed_on,
            LAG(row_hash, 1) OVER (PARTITION BY {{ dimension.name }}_id ORDER BY observed_on) AS previous_hash
        FROM touched_history
    ) AS seen
    WHERE previous_hash IS NULL OR previous_hash <> row_hash;

    DROP TABLE IF EXISTS kept_versions;
    CREATE TEMP TABLE kept_versions (
        {{ dimension.name }}_sk BIGINT NOT NULL, {{ dimension.name }}_id VARCHAR(256) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO kept_versions ({{ dimension.name }}_sk, {{ dimension.name }}_id, valid_from, valid_to)
    SELECT
        MIN(v.{{ dimension.name }}_sk),
        d.{{ dimension.name }}_id,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    INNER JOIN {{ star.name }}.{{ dimension.table_name }} AS v
        ON
            d.{{ dimension.name }}_id = v.{{ dimension.name }}_id
            AND d.row_hash = v.row_hash
            AND v.valid_from >= d.valid_from
            AND v.valid_from < d.valid_to
    GROUP BY d.{{ dimension.name }}_id, d.valid_from, d.valid_to;

    DROP TABLE IF EXISTS missing_versions;
    CREATE TEMP TABLE missing_versions (
        {{ dimension.name }}_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO missing_versions ({{ dimension.name }}_id, row_hash, valid_from, valid_to)
    SELECT
        d.{{ dimension.name }}_id,
        d.row_hash,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    LEFT JOIN kept_versions AS k ON d.{{ dimension.name }}_id = k.{{ dimension.name }}_id AND d.valid_from = k.valid_from
    WHERE k.{{ dimension.name }}_id IS NULL;

    -- The books: what becomes of each staged row, before anything is changed.
    SELECT INTO v_staged COUNT(*) FROM staging.{{ star.name }}_{{ dimension.curated }} WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    LEFT JOIN (SELECT DISTINCT {{ dimension.name }}_id FROM {{ star.name }}.{{ dimension.table_name }} WHERE {{ dimension.name }}_sk <> 0) AS known
        ON s.{{ dimension.name }}_id = known.{{ dimension.name }}_id
    WHERE s.run_id = p_run_id AND known.{{ dimension.name }}_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    INNER JOIN missing_versions AS m
        ON s.{{ dimension.name }}_id = m.{{ dimension.name }}_id AND m.valid_from <= v_day AND m.valid_to > v_day
    INNER JOIN (SELECT DISTINCT {{ dimension.name }}_id FROM former_ranges) AS known ON s.{{ dimension.name }}_id = known.{{ dimension.name }}_id
    WHERE s.run_id = p_run_id;

    -- What is missing takes its content from what was staged, else from a version with the same content.
    DROP TABLE IF EXISTS new_versions;
    CREATE TEMP TABLE new_versions (LIKE {{ star.name }}.{{ dimension.table_name }});
    INSERT INTO new_versions (
        {{ dimension.name }}_sk, {{ dimension.name }}_id, {{ dimension.names | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        0,
        m.{{ dimension.name }}_id,
        {{ dimension.names | qualified("s") | join(", ") }},
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN staging.{{ star.name }}_{{ dimension.curated }} AS s ON m.{{ dimension.name }}_id = s.{{ dimension.name }}_id AND m.row_hash = s.row_hash
    WHERE s.run_id = p_run_id;
    INSERT INTO new_versions (
        {{ dimension.name }}_sk, {{ dimension.name }}_id, {{ dimension.names | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        0,
        m.{{ dimension.name }}_id,
        {{ dimension.names | qualified("v") | join(", ") }},
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN (
        SELECT
            {{ dimension.name }}_id,
            row_hash,
            MIN({{ dimension.name }}_sk) AS {{ dimension.name }}_sk
        FROM {{ star.name }}.{{ dimension.table_name }}
        GROUP BY {{ dimension.name }}_id, row_hash
    ) AS same ON m.{{ dimension.name }}_id = same.{{ dimension.name }}_id AND m.row_hash = same.row_hash
    INNER JOIN {{ star.name }}.{{ dimension.table_name }} AS v ON same.{{ dimension.name }}_sk = v.{{ dimension.name }}_sk
    LEFT JOIN staging.{{ star.name }}_{{ dimension.curated }} AS s
        ON m.{{ dimension.name }}_id = s.{{ dimension.name }}_id AND m.row_hash = s.row_hash AND s.run_id = p_run_id
    WHERE s.{{ dimension.name }}_id IS NULL;

    DROP TABLE IF EXISTS obsolete_versions;
    CREATE TEMP TABLE obsolete_versions ({{ dimension.name }}_sk BIGINT NOT NULL);
    INSERT INTO obsolete_versions ({{ dimension.name }}_sk)
    SELECT f.{{ dimension.name }}_sk
    FROM former_ranges AS f
    LEFT JOIN kept_versions AS k ON f.{{ dimension.name }}_sk = k.{{ dimension.name }}_sk
    WHERE k.{{ dimension.name }}_sk IS NULL;

    DELETE FROM {{ star.name }}.{{ dimension.table_name }}
    USING obsolete_versions
    WHERE {{ dimension.table_name }}.{{ dimension.name }}_sk = obsolete_versions.{{ dimension.name }}_sk;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE {{ star.name }}.{{ dimension.table_name }}
    SET
        valid_from = k.valid_from,
        valid_to = k.valid_to,
        is_current = (k.valid_to = CAST('9999-12-31' AS DATE))
    FROM kept_versions AS k
    WHERE
        {{ dimension.table_name }}.{{ dimension.name }}_sk = k.{{ dimension.name }}_sk
        AND ({{ dimension.table_name }}.valid_from <> k.valid_from OR {{ dimension.table_name }}.valid_to <> k.valid_to);

    INSERT INTO {{ star.name }}.{{ dimension.table_name }} (
        {{ dimension.name }}_id, {{ dimension.names | join(", ") }},
        valid_from, valid_to, is_current, row_hash
    )
    SELECT
        {{ dimension.name }}_id,
        {{ dimension.names | join(", ") }},
        valid_from,
        valid_to,
        is_current,
        row_hash
    FROM new_versions;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    -- What is volatile is as in a version's latest observation.
    DROP TABLE IF EXISTS latest_observations;
    CREATE TEMP TABLE latest_observations (
        {{ dimension.name }}_sk BIGINT NOT NULL, {{ dimension.name }}_id VARCHAR(256) NOT NULL, observed_on DATE NOT NULL
    );
    INSERT INTO latest_observations ({{ dimension.name }}_sk, {{ dimension.name }}_id, observed_on)
    SELECT
        v.{{ dimension.name }}_sk,
        v.{{ dimension.name }}_id,
        MAX(h.observed_on)
    FROM {{ star.name }}.{{ dimension.table_name }} AS v
    INNER JOIN touched_history AS h
        ON v.{{ dimension.name }}_id = h.{{ dimension.name }}_id AND v.valid_from <= h.observed_on AND v.valid_to > h.observed_on
    WHERE h.observed_on >= v_day
    GROUP BY v.{{ dimension.name }}_sk, v.{{ dimension.name }}_id;
    -- A version from before the day that lost what was observed later: its latest observation is found again.
    DROP TABLE IF EXISTS revised_keys;
    CREATE TEMP TABLE revised_keys ({{ dimension.name }}_id VARCHAR(256) NOT NULL);
    INSERT INTO revised_keys ({{ dimension.name }}_id)
    SELECT {{ dimension.name }}_id FROM touched_{{ dimension.name }}s WHERE was_observed
    UNION
    SELECT {{ dimension.name }}_id FROM touched_history WHERE observed_on > v_day;
    GET DIAGNOSTICS v_revised := ROW_COUNT;
    IF v_revised > 0 THEN
        INSERT INTO latest_observations ({{ dimension.name }}_sk, {{ dimension.name }}_id, observed_on)
        SELECT
            v.{{ dimension.name }}_sk,
            v.{{ dimension.name }}_id,
            MAX(o.observed_on)
        FROM {{ star.name }}.{{ dimension.table_name }} AS v
        INNER JOIN revised_keys AS r ON v.{{ dimension.name }}_id = r.{{ dimension.name }}_id
        INNER JOIN {{ star.name }}.{{ dimension.name }}_observations AS o ON v.{{ dimension.name }}_id = o.{{ dimension.name }}_id AND v.valid_from <= o.observed_on
        LEFT JOIN latest_observations AS l ON v.{{ dimension.name }}_sk = l.{{ dimension.name }}_sk
        WHERE
            v.valid_from < v_day
            AND v.valid_to >= v_day
            AND o.observed_on < v_day
            AND l.{{ dimension.name }}_sk IS NULL
        GROUP BY v.{{ dimension.name }}_sk, v.{{ dimension.name }}_id;
    END IF;
    -- For a {{ dimension.name }} that is not touched, this run's observation is the latest unless a later one lies in its version.
    INSERT INTO latest_observations ({{ dimension.name }}_sk, {{ dimension.name }}_id, observed_on)
    SELECT
        v.{{ dimension.name }}_sk,
        v.{{ dimension.name }}_id,
        v_day
    FROM staging.{{ star.name }}_{{ dimension.curated }} AS s
    INNER JOIN {{ star.name }}.{{ dimension.table_name }} AS v
        ON s.{{ dimension.name }}_id = v.{{ dimension.name }}_id AND v.valid_from <= v_day AND v.valid_to > v_day
    LEFT JOIN touched_{{ dimension.name }}s AS t ON s.{{ dimension.name }}_id = t.{{ dimension.name }}_id
    LEFT JOIN (
        SELECT DISTINCT later_version.{{ dimension.name }}_sk
        FROM {{ star.name }}.{{ dimension.name }}_observations AS o
        INNER JOIN {{ star.name }}.{{ dimension.table_name }} AS later_version
            ON
                o.{{ dimension.name }}_id = later_version.{{ dimension.name }}_id
                AND later_version.valid_from <= v_day
                AND later_version.valid_to > o.observed_on
        WHERE o.observed_on > v_day
    ) AS outdated ON v.{{ dimension.name }}_sk = outdated.{{ dimension.name }}_sk
    WHERE s.run_id = p_run_id AND t.{{ dimension.name }}_id IS NULL AND outdated.{{ dimension.name }}_sk IS NULL;
    SELECT INTO v_from, v_to
        MIN(observed_on),
        MAX(observed_on)
    FROM latest_observations;
    UPDATE {{ star.name }}.{{ dimension.table_name }}
    SET
{% for column in dimension.volatile_names %}
        {{ column }} = c.{{ column }}{{ "" if loop.last else "," }}
{% endfor %}
    FROM (
        SELECT
            l.{{ dimension.name }}_sk,
            {{ dimension.volatile_names | qualified("o") | join(", ") }}
        FROM latest_observations AS l
        INNER JOIN {{ star.name }}.{{ dimension.name }}_observations AS o ON l.{{ dimension.name }}_id = o.{{ dimension.name }}_id AND l.observed_on = o.observed_on
        WHERE o.observed_on >= v_from AND o.observed_on <= v_to
    ) AS c
    WHERE
        {{ dimension.table_name }}.{{ dimension.name }}_sk = c.{{ dimension.name }}_sk
        AND (
{% for column in dimension.volatile_names %}
            {{ "OR " if not loop.first }}{{ dimension.table_name }}.{{ column }} <> c.{{ column }}
            OR ({{ dimension.table_name }}.{{ column }} IS NULL) <> (c.{{ column }} IS NULL)
{% endfor %}
        );

    -- On which days a fact that names a {{ dimension.name }} must point elsewhere: its version of that day is another one now,
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT
        '{{ dimension.name }}',
        r.{{ dimension.name }}_id,
        GREATEST(r.effective_from, f.effective_from),
        LEAST(r.valid_to, f.valid_to)
    FROM {{ star.name }}.v_{{ dimension.name }}_ranges AS r
    INNER JOIN former_ranges AS f
        ON
            r.{{ dimension.name }}_id = f.{{ dimension.name }}_id
            AND r.{{ dimension.name }}_sk <> f.{{ dimension.name }}_sk
            AND r.effective_from < f.valid_to
            AND f.effective_from < r.valid_to;
    -- or it is known now, or it is known no longer.
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT
        '{{ dimension.name }}',
        u.natural_id,
        u.observed_on,
        CAST(DATEADD(DAY, 1, u.observed_on) AS DATE)
    FROM {{ star.name }}.unknown_references AS u
    INNER JOIN touched_{{ dimension.name }}s AS t ON u.natural_id = t.{{ dimension.name }}_id
    LEFT JOIN former_ranges AS f ON u.natural_id = f.{{ dimension.name }}_id
    WHERE u.dimension = '{{ dimension.name }}' AND f.{{ dimension.name }}_id IS NULL;
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT DISTINCT
        '{{ dimension.name }}',
        f.{{ dimension.name }}_id,
        CAST('0001-01-01' AS DATE),
        CAST('9999-12-31' AS DATE)
    FROM former_ranges AS f
    LEFT JOIN {{ star.name }}.{{ dimension.table_name }} AS v ON f.{{ dimension.name }}_id = v.{{ dimension.name }}_id
    WHERE v.{{ dimension.name }}_id IS NULL;

    CALL etl.sp_record_star_table(p_run_id, '{{ dimension.table_name }}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{{ star.name }}.sp_merge_{{ dimension.table_name }}', 'merge', v_started, v_rows + v_deleted);
END;
$$ LANGUAGE plpgsql;
