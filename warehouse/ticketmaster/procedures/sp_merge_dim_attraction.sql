-- SCD type 2, whatever the order of days: the versions of every touched attraction are derived anew from its
-- observations.
-- An existing version keeps its surrogate key when the same content still begins within its new range.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_dim_attraction(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_rows BIGINT;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    -- A version starts where the hash changes, and ends where the next one starts.
    DROP TABLE IF EXISTS desired_versions;
    CREATE TEMP TABLE desired_versions (
        attraction_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL,
            valid_to DATE NOT NULL
    );
    INSERT INTO desired_versions (attraction_id, row_hash, valid_from, valid_to)
    SELECT
        attraction_id,
        row_hash,
        observed_on,
        COALESCE(
            LEAD(observed_on, 1) OVER (PARTITION BY attraction_id ORDER BY observed_on), CAST('9999-12-31' AS DATE)
        )
    FROM (
        SELECT
            o.attraction_id,
            o.row_hash,
            o.observed_on,
            LAG(o.row_hash, 1) OVER (PARTITION BY o.attraction_id ORDER BY o.observed_on) AS previous_hash
        FROM ticketmaster.attraction_observations AS o
        INNER JOIN touched_attractions AS t ON o.attraction_id = t.attraction_id
    ) AS seen
    WHERE previous_hash IS NULL OR previous_hash <> row_hash;

    DROP TABLE IF EXISTS kept_versions;
    CREATE TEMP TABLE kept_versions (attraction_sk BIGINT NOT NULL, attraction_id VARCHAR(256) NOT NULL,
        valid_from DATE NOT NULL, valid_to DATE NOT NULL);
    INSERT INTO kept_versions (attraction_sk, attraction_id, valid_from, valid_to)
    SELECT
        MIN(v.attraction_sk),
        d.attraction_id,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    INNER JOIN ticketmaster.dim_attraction AS v
        ON
            d.attraction_id = v.attraction_id
            AND d.row_hash = v.row_hash
            AND v.valid_from >= d.valid_from
            AND v.valid_from < d.valid_to
    GROUP BY d.attraction_id, d.valid_from, d.valid_to;

    DROP TABLE IF EXISTS missing_versions;
    CREATE TEMP TABLE missing_versions (
        attraction_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL,
            valid_to DATE NOT NULL
    );
    INSERT INTO missing_versions (attraction_id, row_hash, valid_from, valid_to)
    SELECT
        d.attraction_id,
        d.row_hash,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    LEFT JOIN kept_versions AS k ON d.attraction_id = k.attraction_id AND d.valid_from = k.valid_from
    WHERE k.attraction_id IS NULL;

    -- The books: what becomes of each staged row, before anything is changed.
    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_attractions WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_attractions AS s
    LEFT JOIN (SELECT DISTINCT attraction_id FROM ticketmaster.dim_attraction WHERE attraction_sk <> 0) AS known
        ON s.attraction_id = known.attraction_id
    WHERE s.run_id = p_run_id AND known.attraction_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_attractions AS s
    INNER JOIN missing_versions AS m
        ON s.attraction_id = m.attraction_id AND m.valid_from <= v_day AND m.valid_to > v_day
    INNER JOIN (SELECT DISTINCT attraction_id FROM ticketmaster.dim_attraction WHERE attraction_sk <> 0) AS known
        ON s.attraction_id = known.attraction_id
    WHERE s.run_id = p_run_id;

    -- What is missing takes its content from what was staged, else from a version with the same content.
    DROP TABLE IF EXISTS new_versions;
    CREATE TEMP TABLE new_versions (LIKE ticketmaster.dim_attraction);
    INSERT INTO new_versions (
        attraction_sk, attraction_id, name, url, segment_name, genre_name, subgenre_name, type_name,
        subtype_name, classification_id, homepage_url, musicbrainz_id, is_test, valid_from, valid_to,
        is_current, row_hash
    )
    SELECT
        0,
        m.attraction_id,
        s.name, s.url, s.segment_name, s.genre_name, s.subgenre_name, s.type_name, s.subtype_name,
        s.classification_id, s.homepage_url, s.musicbrainz_id, s.is_test,
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN staging.ticketmaster_attractions AS s ON m.attraction_id = s.attraction_id AND m.row_hash = s.row_hash
    WHERE s.run_id = p_run_id;
    INSERT INTO new_versions (
        attraction_sk, attraction_id, name, url, segment_name, genre_name, subgenre_name, type_name,
        subtype_name, classification_id, homepage_url, musicbrainz_id, is_test, valid_from, valid_to,
        is_current, row_hash
    )
    SELECT
        0,
        m.attraction_id,
        v.name, v.url, v.segment_name, v.genre_name, v.subgenre_name, v.type_name, v.subtype_name,
        v.classification_id, v.homepage_url, v.musicbrainz_id, v.is_test,
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN (
        SELECT attraction_id, row_hash,
            MIN(attraction_sk) AS attraction_sk FROM ticketmaster.dim_attraction GROUP BY attraction_id, row_hash
    ) AS same ON m.attraction_id = same.attraction_id AND m.row_hash = same.row_hash
    INNER JOIN ticketmaster.dim_attraction AS v ON same.attraction_sk = v.attraction_sk
    LEFT JOIN staging.ticketmaster_attractions AS s
        ON m.attraction_id = s.attraction_id AND m.row_hash = s.row_hash AND s.run_id = p_run_id
    WHERE s.attraction_id IS NULL;

    DROP TABLE IF EXISTS obsolete_versions;
    CREATE TEMP TABLE obsolete_versions (attraction_sk BIGINT NOT NULL);
    INSERT INTO obsolete_versions (attraction_sk)
    SELECT v.attraction_sk
    FROM ticketmaster.dim_attraction AS v
    INNER JOIN touched_attractions AS t ON v.attraction_id = t.attraction_id
    LEFT JOIN kept_versions AS k ON v.attraction_sk = k.attraction_sk
    WHERE k.attraction_sk IS NULL AND v.attraction_sk <> 0;

    DELETE FROM ticketmaster.dim_attraction
    USING obsolete_versions
    WHERE dim_attraction.attraction_sk = obsolete_versions.attraction_sk;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE ticketmaster.dim_attraction
    SET
        valid_from = k.valid_from,
        valid_to = k.valid_to,
        is_current = (k.valid_to = CAST('9999-12-31' AS DATE))
    FROM kept_versions AS k
    WHERE
        dim_attraction.attraction_sk = k.attraction_sk
        AND (dim_attraction.valid_from <> k.valid_from OR dim_attraction.valid_to <> k.valid_to);

    INSERT INTO ticketmaster.dim_attraction (
        attraction_id, name, url, segment_name, genre_name, subgenre_name, type_name, subtype_name,
        classification_id, homepage_url, musicbrainz_id, is_test, valid_from, valid_to, is_current, row_hash
    )
    SELECT
        attraction_id, name, url, segment_name, genre_name, subgenre_name, type_name, subtype_name,
        classification_id, homepage_url, musicbrainz_id, is_test, valid_from, valid_to, is_current, row_hash
    FROM new_versions;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    -- The volatile counter is that of a version's latest observation. For a attraction that is not touched,
    -- this run's observation is the latest unless a later one lies in the same version.
    DROP TABLE IF EXISTS latest_counters;
    CREATE TEMP TABLE latest_counters (attraction_sk BIGINT NOT NULL, upcoming_events BIGINT);
    INSERT INTO latest_counters (attraction_sk, upcoming_events)
    SELECT attraction_sk, upcoming_events
    FROM (
        SELECT
            v.attraction_sk,
            o.upcoming_events,
            ROW_NUMBER() OVER (PARTITION BY v.attraction_sk ORDER BY o.observed_on DESC) AS recency
        FROM ticketmaster.dim_attraction AS v
        INNER JOIN touched_attractions AS t ON v.attraction_id = t.attraction_id
        INNER JOIN ticketmaster.attraction_observations AS o
            ON v.attraction_id = o.attraction_id AND v.valid_from <= o.observed_on AND v.valid_to > o.observed_on
    ) AS counted
    WHERE recency = 1;
    INSERT INTO latest_counters (attraction_sk, upcoming_events)
    SELECT v.attraction_sk, s.upcoming_events
    FROM staging.ticketmaster_attractions AS s
    INNER JOIN ticketmaster.dim_attraction AS v
        ON s.attraction_id = v.attraction_id AND v.valid_from <= v_day AND v.valid_to > v_day
    LEFT JOIN touched_attractions AS t ON s.attraction_id = t.attraction_id
    LEFT JOIN (
        SELECT DISTINCT later_version.attraction_sk
        FROM ticketmaster.attraction_observations AS o
        INNER JOIN ticketmaster.dim_attraction AS later_version
            ON
                o.attraction_id = later_version.attraction_id
                AND later_version.valid_from <= v_day
                AND later_version.valid_to > o.observed_on
        WHERE o.observed_on > v_day
    ) AS outdated ON v.attraction_sk = outdated.attraction_sk
    WHERE s.run_id = p_run_id AND t.attraction_id IS NULL AND outdated.attraction_sk IS NULL;
    UPDATE ticketmaster.dim_attraction
    SET upcoming_events = c.upcoming_events
    FROM latest_counters AS c
    WHERE
        dim_attraction.attraction_sk = c.attraction_sk
        AND COALESCE(dim_attraction.upcoming_events, -1) <> COALESCE(c.upcoming_events, -1);

    CALL etl.sp_record_star_table(p_run_id, 'dim_attraction', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_dim_attraction', 'merge', v_started, v_rows + v_deleted);
END;
$$ LANGUAGE plpgsql;
