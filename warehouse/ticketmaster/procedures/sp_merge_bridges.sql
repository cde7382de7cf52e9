-- The many-to-many sides of the star, derived for what the run touched.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_bridges(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_rows BIGINT;
    v_total BIGINT := 0;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    -- bridge_event_attraction: rows of events that were touched, or that name an attraction whose members moved.
    DROP TABLE IF EXISTS bridged_events;
    CREATE TEMP TABLE bridged_events (event_id VARCHAR(256) NOT NULL) DISTKEY (event_id);
    INSERT INTO bridged_events (event_id)
    SELECT event_id FROM touched_events
    UNION
    SELECT b.event_id
    FROM ticketmaster.bridge_event_attraction AS b
    INNER JOIN touched_attractions AS t ON b.attraction_id = t.attraction_id;
    DROP TABLE IF EXISTS former_rows;
    CREATE TEMP TABLE former_rows (LIKE ticketmaster.bridge_event_attraction);
    INSERT INTO former_rows
    SELECT b.*
    FROM ticketmaster.bridge_event_attraction AS b
    INNER JOIN bridged_events AS e ON b.event_id = e.event_id;

    DELETE FROM ticketmaster.bridge_event_attraction
    USING bridged_events
    WHERE bridge_event_attraction.event_id = bridged_events.event_id;
    INSERT INTO ticketmaster.bridge_event_attraction (
        event_id, attraction_sk, attraction_id, "position", is_primary
    )
    SELECT
        o.event_id,
        COALESCE(d.attraction_sk, 0),
        o.attraction_id, o."position", o.is_primary
    FROM bridged_events AS e
    INNER JOIN ticketmaster.fact_events AS f ON e.event_id = f.event_id
    INNER JOIN ticketmaster.event_attraction_observations AS o
        ON f.event_id = o.event_id AND f.last_seen_on = o.observed_on
    LEFT JOIN ticketmaster.v_attraction_ranges AS d
        ON o.attraction_id = d.attraction_id AND d.effective_from <= o.observed_on AND d.valid_to > o.observed_on;
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_event_attractions WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_event_attractions AS s
    INNER JOIN ticketmaster.fact_events AS f ON s.event_id = f.event_id AND f.last_seen_on = v_day
    LEFT JOIN former_rows AS b ON s.event_id = b.event_id AND s.attraction_id = b.attraction_id
    WHERE s.run_id = p_run_id AND b.event_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_event_attractions AS s
    INNER JOIN ticketmaster.bridge_event_attraction AS b
        ON s.event_id = b.event_id AND s.attraction_id = b.attraction_id
    INNER JOIN former_rows AS r ON s.event_id = r.event_id AND s.attraction_id = r.attraction_id
    WHERE
        s.run_id = p_run_id
        AND (
            b."position" <> r."position"
            OR b.is_primary <> r.is_primary
            OR b.attraction_id <> r.attraction_id
            OR b.attraction_sk <> r.attraction_sk
        );
    SELECT INTO v_deleted COUNT(*)
    FROM former_rows AS r
    LEFT JOIN ticketmaster.bridge_event_attraction AS b ON r.event_id = b.event_id AND r.attraction_id = b.attraction_id
    WHERE b.event_id IS NULL;
    CALL etl.sp_record_star_table(p_run_id, 'bridge_event_attraction', v_staged, v_inserted, v_versioned, v_deleted);

    -- bridge_event_classification: rows of events that were touched, or that name a classification whose members moved.
    DROP TABLE IF EXISTS bridged_events;
    CREATE TEMP TABLE bridged_events (event_id VARCHAR(256) NOT NULL) DISTKEY (event_id);
    INSERT INTO bridged_events (event_id)
    SELECT event_id FROM touched_events
    UNION
    SELECT b.event_id
    FROM ticketmaster.bridge_event_classification AS b
    INNER JOIN changed_classifications AS t ON b.classification_id = t.classification_id;
    DROP TABLE IF EXISTS former_rows;
    CREATE TEMP TABLE former_rows (LIKE ticketmaster.bridge_event_classification);
    INSERT INTO former_rows
    SELECT b.*
    FROM ticketmaster.bridge_event_classification AS b
    INNER JOIN bridged_events AS e ON b.event_id = e.event_id;

    DELETE FROM ticketmaster.bridge_event_classification
    USING bridged_events
    WHERE bridge_event_classification.event_id = bridged_events.event_id;
    INSERT INTO ticketmaster.bridge_event_classification (
        event_id, classification_sk, "position", is_primary, classification_id
    )
    SELECT
        o.event_id,
        COALESCE(d.classification_sk, 0),
        o."position", o.is_primary, o.classification_id
    FROM bridged_events AS e
    INNER JOIN ticketmaster.fact_events AS f ON e.event_id = f.event_id
    INNER JOIN ticketmaster.event_classification_observations AS o
        ON f.event_id = o.event_id AND f.last_seen_on = o.observed_on
    LEFT JOIN ticketmaster.dim_classification AS d
        ON o.classification_id = d.classification_id AND d.classification_sk <> 0;
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_event_classifications WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_event_classifications AS s
    INNER JOIN ticketmaster.fact_events AS f ON s.event_id = f.event_id AND f.last_seen_on = v_day
    LEFT JOIN former_rows AS b ON s.event_id = b.event_id AND s."position" = b."position"
    WHERE s.run_id = p_run_id AND b.event_id IS NULL;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_event_classifications AS s
    INNER JOIN ticketmaster.bridge_event_classification AS b ON s.event_id = b.event_id AND s."position" = b."position"
    INNER JOIN former_rows AS r ON s.event_id = r.event_id AND s."position" = r."position"
    WHERE
        s.run_id = p_run_id
        AND (
            b."position" <> r."position"
            OR b.is_primary <> r.is_primary
            OR b.classification_id <> r.classification_id
            OR b.classification_sk <> r.classification_sk
        );
    SELECT INTO v_deleted COUNT(*)
    FROM former_rows AS r
    LEFT JOIN ticketmaster.bridge_event_classification AS b ON r.event_id = b.event_id AND r."position" = b."position"
    WHERE b.event_id IS NULL;
    CALL etl.sp_record_star_table(p_run_id, 'bridge_event_classification', v_staged, v_inserted, v_versioned,
        v_deleted);

    -- bridge_venue_market: all versions of venues that were touched, or that name a market that came or went.
    DROP TABLE IF EXISTS bridged_venues;
    CREATE TEMP TABLE bridged_venues (venue_id VARCHAR(256) NOT NULL);
    INSERT INTO bridged_venues (venue_id)
    SELECT venue_id FROM touched_venues
    UNION
    SELECT b.venue_id
    FROM ticketmaster.bridge_venue_market AS b
    INNER JOIN changed_markets AS m ON b.market_id = m.market_id;
    DROP TABLE IF EXISTS former_markets;
    CREATE TEMP TABLE former_markets (venue_id VARCHAR(256) NOT NULL, market_id VARCHAR(256) NOT NULL);
    INSERT INTO former_markets (venue_id, market_id)
    SELECT DISTINCT
        b.venue_id,
        b.market_id
    FROM ticketmaster.bridge_venue_market AS b
    INNER JOIN bridged_venues AS v ON b.venue_id = v.venue_id;

    DELETE FROM ticketmaster.bridge_venue_market
    USING bridged_venues
    WHERE bridge_venue_market.venue_id = bridged_venues.venue_id;
    INSERT INTO ticketmaster.bridge_venue_market (venue_sk, market_sk, venue_id, market_id)
    SELECT
        listed.venue_sk,
        COALESCE(m.market_sk, 0),
        listed.venue_id,
        listed.market_id
    FROM (
        SELECT DISTINCT
            v.venue_sk,
            v.venue_id,
            SPLIT_PART(v.market_ids, ',', n.n) AS market_id
        FROM ticketmaster.dim_venue AS v
        INNER JOIN bridged_venues AS b ON v.venue_id = b.venue_id
        INNER JOIN common.numbers AS n
            -- 1,000 characters hold at most 500 ids
            ON n.n BETWEEN 1 AND 500 AND n.n <= LEN(v.market_ids) - LEN(REPLACE(v.market_ids, ',', '')) + 1
        WHERE v.venue_sk <> 0 AND v.market_ids <> ''
    ) AS listed
    LEFT JOIN ticketmaster.dim_market AS m ON listed.market_id = m.market_id AND m.market_sk <> 0;
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_venue_markets WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_venue_markets AS s
    INNER JOIN bridged_venues AS v ON s.venue_id = v.venue_id
    LEFT JOIN former_markets AS f ON s.venue_id = f.venue_id AND s.market_id = f.market_id
    WHERE s.run_id = p_run_id AND f.venue_id IS NULL;
    SELECT INTO v_deleted COUNT(*)
    FROM former_markets AS f
    LEFT JOIN ticketmaster.bridge_venue_market AS b ON f.venue_id = b.venue_id AND f.market_id = b.market_id
    WHERE b.venue_id IS NULL;
    CALL etl.sp_record_star_table(p_run_id, 'bridge_venue_market', v_staged, v_inserted, 0, v_deleted);

    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_bridges', 'merge', v_started, v_total);
END;
$$ LANGUAGE plpgsql;
