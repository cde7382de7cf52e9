-- SCD type 2, whatever the order of days: the versions of every touched venue are derived anew from its observations.
-- An existing version keeps its surrogate key when the same content still begins within its new range.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_dim_venue(p_run_id IN VARCHAR(128))
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
        venue_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO desired_versions (venue_id, row_hash, valid_from, valid_to)
    SELECT
        venue_id,
        row_hash,
        observed_on,
        COALESCE(
            LEAD(observed_on, 1) OVER (PARTITION BY venue_id ORDER BY observed_on), CAST('9999-12-31' AS DATE)
        )
    FROM (
        SELECT
            o.venue_id,
            o.row_hash,
            o.observed_on,
            LAG(o.row_hash, 1) OVER (PARTITION BY o.venue_id ORDER BY o.observed_on) AS previous_hash
        FROM ticketmaster.venue_observations AS o
        INNER JOIN touched_venues AS t ON o.venue_id = t.venue_id
    ) AS seen
    WHERE previous_hash IS NULL OR previous_hash <> row_hash;

    DROP TABLE IF EXISTS kept_versions;
    CREATE TEMP TABLE kept_versions (venue_sk BIGINT NOT NULL, venue_id VARCHAR(256) NOT NULL,
        valid_from DATE NOT NULL, valid_to DATE NOT NULL);
    INSERT INTO kept_versions (venue_sk, venue_id, valid_from, valid_to)
    SELECT
        MIN(v.venue_sk),
        d.venue_id,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    INNER JOIN ticketmaster.dim_venue AS v
        ON
            d.venue_id = v.venue_id
            AND d.row_hash = v.row_hash
            AND v.valid_from >= d.valid_from
            AND v.valid_from < d.valid_to
    GROUP BY d.venue_id, d.valid_from, d.valid_to;

    DROP TABLE IF EXISTS missing_versions;
    CREATE TEMP TABLE missing_versions (
        venue_id VARCHAR(256) NOT NULL, row_hash VARCHAR(64) NOT NULL, valid_from DATE NOT NULL, valid_to DATE NOT NULL
    );
    INSERT INTO missing_versions (venue_id, row_hash, valid_from, valid_to)
    SELECT
        d.venue_id,
        d.row_hash,
        d.valid_from,
        d.valid_to
    FROM desired_versions AS d
    LEFT JOIN kept_versions AS k ON d.venue_id = k.venue_id AND d.valid_from = k.valid_from
    WHERE k.venue_id IS NULL;

    -- The books: what becomes of each staged row, before anything is changed.
    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_venues WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_venues AS s
    LEFT JOIN (SELECT DISTINCT venue_id FROM ticketmaster.dim_venue WHERE venue_sk <> 0) AS known
        ON s.venue_id = known.venue_id
    WHERE s.run_id = p_run_id AND known.venue_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_venues AS s
    INNER JOIN missing_versions AS m ON s.venue_id = m.venue_id AND m.valid_from <= v_day AND m.valid_to > v_day
    INNER JOIN (SELECT DISTINCT venue_id FROM ticketmaster.dim_venue WHERE venue_sk <> 0) AS known
        ON s.venue_id = known.venue_id
    WHERE s.run_id = p_run_id;

    -- What is missing takes its content from what was staged, else from a version with the same content.
    DROP TABLE IF EXISTS new_versions;
    CREATE TEMP TABLE new_versions (LIKE ticketmaster.dim_venue);
    INSERT INTO new_versions (
        venue_sk, venue_id, name, url, address_line1, city, state_code, state_name, country_code, country_name,
        postal_code, timezone, latitude, longitude, is_test, market_ids, valid_from, valid_to, is_current,
        row_hash
    )
    SELECT
        0,
        m.venue_id,
        s.name, s.url, s.address_line1, s.city, s.state_code, s.state_name, s.country_code, s.country_name,
        s.postal_code, s.timezone, s.latitude, s.longitude, s.is_test, s.market_ids,
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN staging.ticketmaster_venues AS s ON m.venue_id = s.venue_id AND m.row_hash = s.row_hash
    WHERE s.run_id = p_run_id;
    INSERT INTO new_versions (
        venue_sk, venue_id, name, url, address_line1, city, state_code, state_name, country_code, country_name,
        postal_code, timezone, latitude, longitude, is_test, market_ids, valid_from, valid_to, is_current,
        row_hash
    )
    SELECT
        0,
        m.venue_id,
        v.name, v.url, v.address_line1, v.city, v.state_code, v.state_name, v.country_code, v.country_name,
        v.postal_code, v.timezone, v.latitude, v.longitude, v.is_test, v.market_ids,
        m.valid_from,
        m.valid_to,
        m.valid_to = CAST('9999-12-31' AS DATE),
        m.row_hash
    FROM missing_versions AS m
    INNER JOIN (
        SELECT venue_id, row_hash, MIN(venue_sk) AS venue_sk FROM ticketmaster.dim_venue GROUP BY venue_id, row_hash
    ) AS same ON m.venue_id = same.venue_id AND m.row_hash = same.row_hash
    INNER JOIN ticketmaster.dim_venue AS v ON same.venue_sk = v.venue_sk
    LEFT JOIN staging.ticketmaster_venues AS s
        ON m.venue_id = s.venue_id AND m.row_hash = s.row_hash AND s.run_id = p_run_id
    WHERE s.venue_id IS NULL;

    DROP TABLE IF EXISTS obsolete_versions;
    CREATE TEMP TABLE obsolete_versions (venue_sk BIGINT NOT NULL);
    INSERT INTO obsolete_versions (venue_sk)
    SELECT v.venue_sk
    FROM ticketmaster.dim_venue AS v
    INNER JOIN touched_venues AS t ON v.venue_id = t.venue_id
    LEFT JOIN kept_versions AS k ON v.venue_sk = k.venue_sk
    WHERE k.venue_sk IS NULL AND v.venue_sk <> 0;

    DELETE FROM ticketmaster.dim_venue
    USING obsolete_versions
    WHERE dim_venue.venue_sk = obsolete_versions.venue_sk;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE ticketmaster.dim_venue
    SET
        valid_from = k.valid_from,
        valid_to = k.valid_to,
        is_current = (k.valid_to = CAST('9999-12-31' AS DATE))
    FROM kept_versions AS k
    WHERE
        dim_venue.venue_sk = k.venue_sk
        AND (dim_venue.valid_from <> k.valid_from OR dim_venue.valid_to <> k.valid_to);

    INSERT INTO ticketmaster.dim_venue (
        venue_id, name, url, address_line1, city, state_code, state_name, country_code, country_name,
        postal_code, timezone, latitude, longitude, is_test, market_ids, valid_from, valid_to, is_current,
        row_hash
    )
    SELECT
        venue_id, name, url, address_line1, city, state_code, state_name, country_code, country_name,
        postal_code, timezone, latitude, longitude, is_test, market_ids, valid_from, valid_to, is_current,
        row_hash
    FROM new_versions;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    -- The volatile counter is that of a version's latest observation. For a venue that is not touched,
    -- this run's observation is the latest unless a later one lies in the same version.
    DROP TABLE IF EXISTS latest_counters;
    CREATE TEMP TABLE latest_counters (venue_sk BIGINT NOT NULL, upcoming_events BIGINT);
    INSERT INTO latest_counters (venue_sk, upcoming_events)
    SELECT venue_sk, upcoming_events
    FROM (
        SELECT
            v.venue_sk,
            o.upcoming_events,
            ROW_NUMBER() OVER (PARTITION BY v.venue_sk ORDER BY o.observed_on DESC) AS recency
        FROM ticketmaster.dim_venue AS v
        INNER JOIN touched_venues AS t ON v.venue_id = t.venue_id
        INNER JOIN ticketmaster.venue_observations AS o
            ON v.venue_id = o.venue_id AND v.valid_from <= o.observed_on AND v.valid_to > o.observed_on
    ) AS counted
    WHERE recency = 1;
    INSERT INTO latest_counters (venue_sk, upcoming_events)
    SELECT v.venue_sk, s.upcoming_events
    FROM staging.ticketmaster_venues AS s
    INNER JOIN ticketmaster.dim_venue AS v
        ON s.venue_id = v.venue_id AND v.valid_from <= v_day AND v.valid_to > v_day
    LEFT JOIN touched_venues AS t ON s.venue_id = t.venue_id
    LEFT JOIN (
        SELECT DISTINCT later_version.venue_sk
        FROM ticketmaster.venue_observations AS o
        INNER JOIN ticketmaster.dim_venue AS later_version
            ON
                o.venue_id = later_version.venue_id
                AND later_version.valid_from <= v_day
                AND later_version.valid_to > o.observed_on
        WHERE o.observed_on > v_day
    ) AS outdated ON v.venue_sk = outdated.venue_sk
    WHERE s.run_id = p_run_id AND t.venue_id IS NULL AND outdated.venue_sk IS NULL;
    UPDATE ticketmaster.dim_venue
    SET upcoming_events = c.upcoming_events
    FROM latest_counters AS c
    WHERE
        dim_venue.venue_sk = c.venue_sk
        AND COALESCE(dim_venue.upcoming_events, -1) <> COALESCE(c.upcoming_events, -1);

    CALL etl.sp_record_star_table(p_run_id, 'dim_venue', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_dim_venue', 'merge', v_started, v_rows + v_deleted);
END;
$$ LANGUAGE plpgsql;
