-- First step of publishing: what was observed on the run's day becomes exactly what the run staged.
-- Before that, it records in work tables which keys this touches, so that the later steps derive only those again: keys
-- whose hash differs from the version of that day, and keys no longer seen as they were.
-- It fails if nothing is staged: a publication that is sent twice finds it so, and that is no day without events.
-- Reads: etl.run_tables, etl.runs, staging.ticketmaster_attractions, staging.ticketmaster_classifications,
-- staging.ticketmaster_event_attractions, staging.ticketmaster_event_classifications, staging.ticketmaster_events,
-- staging.ticketmaster_markets, staging.ticketmaster_venues, ticketmaster.attraction_observations,
-- ticketmaster.classification_observations, ticketmaster.dim_attraction, ticketmaster.dim_venue,
-- ticketmaster.fact_event_snapshots, ticketmaster.market_observations, ticketmaster.venue_observations
-- Writes: staging.ticketmaster_changed_members, staging.ticketmaster_moved_references,
-- staging.ticketmaster_removed_events, staging.ticketmaster_removed_members, staging.ticketmaster_touched_members,
-- ticketmaster.attraction_observations, ticketmaster.classification_observations,
-- ticketmaster.event_attraction_observations, ticketmaster.event_classification_observations,
-- ticketmaster.market_observations, ticketmaster.venue_observations
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

    DELETE FROM staging.ticketmaster_touched_members WHERE run_id = p_run_id;
    INSERT INTO staging.ticketmaster_touched_members (run_id, dimension, member_id, was_observed)
    SELECT
        p_run_id,
        'venue',
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

    INSERT INTO staging.ticketmaster_touched_members (run_id, dimension, member_id, was_observed)
    SELECT
        p_run_id,
        'attraction',
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
    DELETE FROM staging.ticketmaster_removed_members WHERE run_id = p_run_id;
    INSERT INTO staging.ticketmaster_removed_members (run_id, dimension, member_id)
    SELECT
        p_run_id,
        'classification',
        o.classification_id
    FROM ticketmaster.classification_observations AS o
    LEFT JOIN staging.ticketmaster_classifications AS s ON o.classification_id = s.classification_id AND s.run_id = p_run_id
    WHERE o.observed_on = v_day AND s.classification_id IS NULL;

    INSERT INTO staging.ticketmaster_removed_members (run_id, dimension, member_id)
    SELECT
        p_run_id,
        'market',
        o.market_id
    FROM ticketmaster.market_observations AS o
    LEFT JOIN staging.ticketmaster_markets AS s ON o.market_id = s.market_id AND s.run_id = p_run_id
    WHERE o.observed_on = v_day AND s.market_id IS NULL;

    DELETE FROM staging.ticketmaster_removed_events WHERE run_id = p_run_id;
    INSERT INTO staging.ticketmaster_removed_events (run_id, event_id)
    SELECT
        p_run_id,
        f.event_id
    FROM ticketmaster.fact_event_snapshots AS f
    LEFT JOIN staging.ticketmaster_events AS s ON f.event_id = s.event_id AND s.run_id = p_run_id
    WHERE f.observed_on = v_day AND s.event_id IS NULL;

    -- The merges of dimensions add to these.
    DELETE FROM staging.ticketmaster_changed_members WHERE run_id = p_run_id;
    DELETE FROM staging.ticketmaster_moved_references WHERE run_id = p_run_id;

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
