-- First step of publishing: what was observed on the run's day becomes exactly what the run staged.
-- Before that, it notes (in temporary tables of the session) which keys this touches, so that the later steps derive
-- only those anew: keys whose hash differs from the version of that day, and keys no longer seen as they were.
-- It refuses to take an emptied staging for a day without events: a publication that is sent twice finds it so.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_replace_observations(p_run_id IN VARCHAR(128))
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
    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_events WHERE run_id = p_run_id;
    SELECT INTO v_curated COALESCE(SUM(curated_records), 0)
    FROM etl.run_tables
    WHERE run_id = p_run_id AND layer = 'raw' AND table_name = 'events';
    IF v_staged = 0 OR v_staged <> v_curated THEN
        RAISE EXCEPTION 'run % has % events staged and % curated: the day is left as it is',
            p_run_id, v_staged, v_curated;
    END IF;

    DROP TABLE IF EXISTS touched_venues;
    CREATE TEMP TABLE touched_venues (venue_id VARCHAR(256) NOT NULL, was_observed BOOLEAN NOT NULL);
    INSERT INTO touched_venues (venue_id, was_observed)
    SELECT
        venue_id,
        BOOL_OR(was_observed)
    FROM (
        SELECT
            s.venue_id,
            FALSE AS was_observed
        FROM staging.ticketmaster_venues AS s
        LEFT JOIN ticketmaster.dim_venue AS v
            ON s.venue_id = v.venue_id AND v.valid_from <= v_day AND v.valid_to > v_day AND v.venue_sk <> 0
        WHERE s.run_id = p_run_id AND (v.venue_id IS NULL OR v.row_hash <> s.row_hash)
        UNION ALL
        SELECT
            o.venue_id,
            TRUE AS was_observed
        FROM ticketmaster.venue_observations AS o
        LEFT JOIN staging.ticketmaster_venues AS s
            ON o.venue_id = s.venue_id AND o.row_hash = s.row_hash AND s.run_id = p_run_id
        WHERE o.observed_on = v_day AND s.venue_id IS NULL
    ) AS touched
    GROUP BY venue_id;

    DROP TABLE IF EXISTS touched_attractions;
    CREATE TEMP TABLE touched_attractions (attraction_id VARCHAR(256) NOT NULL, was_observed BOOLEAN NOT NULL);
    INSERT INTO touched_attractions (attraction_id, was_observed)
    SELECT
        attraction_id,
        BOOL_OR(was_observed)
    FROM (
        SELECT
            s.attraction_id,
            FALSE AS was_observed
        FROM staging.ticketmaster_attractions AS s
        LEFT JOIN ticketmaster.dim_attraction AS v
            ON s.attraction_id = v.attraction_id AND v.valid_from <= v_day AND v.valid_to > v_day AND v.attraction_sk <> 0
        WHERE s.run_id = p_run_id AND (v.attraction_id IS NULL OR v.row_hash <> s.row_hash)
        UNION ALL
        SELECT
            o.attraction_id,
            TRUE AS was_observed
        FROM ticketmaster.attraction_observations AS o
        LEFT JOIN staging.ticketmaster_attractions AS s
            ON o.attraction_id = s.attraction_id AND o.row_hash = s.row_hash AND s.run_id = p_run_id
        WHERE o.observed_on = v_day AND s.attraction_id IS NULL
    ) AS touched
    GROUP BY attraction_id;

    -- What was observed on this day and no longer is.
    DROP TABLE IF EXISTS removed_classifications;
    CREATE TEMP TABLE removed_classifications (classification_id VARCHAR(1600) NOT NULL);
    INSERT INTO removed_classifications (classification_id)
    SELECT o.classification_id
    FROM ticketmaster.classification_observations AS o
    LEFT JOIN staging.ticketmaster_classifications AS s ON o.classification_id = s.classification_id AND s.run_id = p_run_id
    WHERE o.observed_on = v_day AND s.classification_id IS NULL;

    DROP TABLE IF EXISTS removed_markets;
    CREATE TEMP TABLE removed_markets (market_id VARCHAR(256) NOT NULL);
    INSERT INTO removed_markets (market_id)
    SELECT o.market_id
    FROM ticketmaster.market_observations AS o
    LEFT JOIN staging.ticketmaster_markets AS s ON o.market_id = s.market_id AND s.run_id = p_run_id
    WHERE o.observed_on = v_day AND s.market_id IS NULL;

    DROP TABLE IF EXISTS removed_events;
    CREATE TEMP TABLE removed_events (event_id VARCHAR(256) NOT NULL) DISTKEY (event_id);
    INSERT INTO removed_events (event_id)
    SELECT f.event_id
    FROM ticketmaster.fact_event_snapshots AS f
    LEFT JOIN staging.ticketmaster_events AS s ON f.event_id = s.event_id AND s.run_id = p_run_id
    WHERE f.observed_on = v_day AND s.event_id IS NULL;

    -- Filled by the merges of dimensions: days in [moved_from, moved_to) on which a fact naming this points elsewhere.
    DROP TABLE IF EXISTS moved_references;
    CREATE TEMP TABLE moved_references (
        dimension VARCHAR(16) NOT NULL, natural_id VARCHAR(1600) NOT NULL, moved_from DATE NOT NULL, moved_to DATE NOT NULL
    );

    DELETE FROM ticketmaster.venue_observations WHERE observed_on = v_day;
    INSERT INTO ticketmaster.venue_observations (
        venue_id, observed_on, row_hash, url, state_name, country_name, upcoming_events
    )
    SELECT
        venue_id, observed_on, row_hash, url, state_name, country_name, upcoming_events
    FROM staging.ticketmaster_venues
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;

    DELETE FROM ticketmaster.attraction_observations WHERE observed_on = v_day;
    INSERT INTO ticketmaster.attraction_observations (
        attraction_id, observed_on, row_hash, url, segment_name, genre_name, subgenre_name, type_name,
        subtype_name, upcoming_events
    )
    SELECT
        attraction_id, observed_on, row_hash, url, segment_name, genre_name, subgenre_name, type_name,
        subtype_name, upcoming_events
    FROM staging.ticketmaster_attractions
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;

    DELETE FROM ticketmaster.classification_observations WHERE observed_on = v_day;
    INSERT INTO ticketmaster.classification_observations (
        classification_id, observed_on, segment_id, segment_name, genre_id, genre_name, subgenre_id,
        subgenre_name, type_id, type_name, subtype_id, subtype_name
    )
    SELECT
        classification_id, observed_on, segment_id, segment_name, genre_id, genre_name, subgenre_id,
        subgenre_name, type_id, type_name, subtype_id, subtype_name
    FROM staging.ticketmaster_classifications
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;

    DELETE FROM ticketmaster.market_observations WHERE observed_on = v_day;
    INSERT INTO ticketmaster.market_observations (
        market_id, observed_on, name
    )
    SELECT
        market_id, observed_on, name
    FROM staging.ticketmaster_markets
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;

    DELETE FROM ticketmaster.event_attraction_observations WHERE observed_on = v_day;
    INSERT INTO ticketmaster.event_attraction_observations (
        event_id, observed_on, attraction_id, "position", is_primary
    )
    SELECT
        event_id, observed_on, attraction_id, "position", is_primary
    FROM staging.ticketmaster_event_attractions
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;

    DELETE FROM ticketmaster.event_classification_observations WHERE observed_on = v_day;
    INSERT INTO ticketmaster.event_classification_observations (
        event_id, observed_on, "position", is_primary, classification_id
    )
    SELECT
        event_id, observed_on, "position", is_primary, classification_id
    FROM staging.ticketmaster_event_classifications
    WHERE run_id = p_run_id;
    GET DIAGNOSTICS v_inserted := ROW_COUNT;
    v_rows := v_rows + v_inserted;

    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_replace_observations', 'replace', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
