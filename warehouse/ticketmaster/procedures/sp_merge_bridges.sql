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
    v_from DATE;
    v_to DATE;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    SELECT INTO v_from, v_to
        COALESCE(MIN(last_seen_on), v_day),
        COALESCE(MAX(last_seen_on), v_day)
    FROM touched_events;

    -- bridge_event_attraction: what the touched events name on their last day, and what of it differs from what stands.
    DROP TABLE IF EXISTS desired_rows;
    CREATE TEMP TABLE desired_rows (LIKE ticketmaster.bridge_event_attraction);
    INSERT INTO desired_rows (event_id, attraction_sk, attraction_id, "position", is_primary)
    SELECT
        o.event_id,
        COALESCE(d.attraction_sk, 0),
        o.attraction_id, o."position", o.is_primary
    FROM touched_events AS t
    INNER JOIN ticketmaster.event_attraction_observations AS o
        ON t.event_id = o.event_id AND t.last_seen_on = o.observed_on
    LEFT JOIN ticketmaster.v_attraction_ranges AS d
        ON o.attraction_id = d.attraction_id AND d.effective_from <= o.observed_on AND d.valid_to > o.observed_on
    WHERE o.observed_on >= v_from AND o.observed_on <= v_to;
    -- Events not touched of which a row names an attraction that moved.
    DROP TABLE IF EXISTS pointed_rows;
    CREATE TEMP TABLE pointed_rows (
        event_id VARCHAR(256) NOT NULL, attraction_id VARCHAR(256) NOT NULL, attraction_sk BIGINT NOT NULL
    ) DISTKEY (event_id);
    INSERT INTO pointed_rows (event_id, attraction_id, attraction_sk)
    SELECT
        b.event_id,
        b.attraction_id,
        COALESCE(d.attraction_sk, 0)
    FROM ticketmaster.bridge_event_attraction AS b
    INNER JOIN touched_attractions AS m ON b.attraction_id = m.attraction_id
    INNER JOIN ticketmaster.fact_events AS f ON b.event_id = f.event_id
    LEFT JOIN ticketmaster.v_attraction_ranges AS d
        ON b.attraction_id = d.attraction_id AND d.effective_from <= f.last_seen_on AND d.valid_to > f.last_seen_on
    LEFT JOIN touched_events AS t ON b.event_id = t.event_id
    WHERE t.event_id IS NULL AND COALESCE(d.attraction_sk, 0) <> b.attraction_sk;
    UPDATE ticketmaster.bridge_event_attraction
    SET attraction_sk = p.attraction_sk
    FROM pointed_rows AS p
    WHERE
        bridge_event_attraction.event_id = p.event_id
        AND bridge_event_attraction.attraction_id = p.attraction_id;
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;

    DROP TABLE IF EXISTS differing_rows;
    CREATE TEMP TABLE differing_rows (
        event_id VARCHAR(256) NOT NULL, attraction_id VARCHAR(256) NOT NULL, is_new BOOLEAN NOT NULL, is_gone BOOLEAN NOT NULL
    ) DISTKEY (event_id);
    INSERT INTO differing_rows (event_id, attraction_id, is_new, is_gone)
    SELECT
        COALESCE(d.event_id, b.event_id),
        COALESCE(d.attraction_id, b.attraction_id),
        b.event_id IS NULL,
        d.event_id IS NULL
    FROM desired_rows AS d
    FULL OUTER JOIN (
        SELECT f.*
        FROM ticketmaster.bridge_event_attraction AS f
        INNER JOIN touched_events AS t ON f.event_id = t.event_id
    ) AS b ON d.event_id = b.event_id AND d.attraction_id = b.attraction_id
    WHERE
        d.event_id IS NULL
        OR b.event_id IS NULL
        OR d.attraction_sk <> b.attraction_sk
        OR d."position" <> b."position"
        OR d.is_primary <> b.is_primary;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_event_attractions WHERE run_id = p_run_id;
    SELECT INTO v_inserted, v_versioned
        COALESCE(SUM(CASE WHEN r.is_new THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN r.is_new OR r.is_gone THEN 0 ELSE 1 END), 0)
    FROM staging.ticketmaster_event_attractions AS s
    INNER JOIN differing_rows AS r ON s.event_id = r.event_id AND s.attraction_id = r.attraction_id
    INNER JOIN touched_events AS t ON s.event_id = t.event_id AND t.last_seen_on = v_day
    WHERE s.run_id = p_run_id;
    SELECT INTO v_deleted COUNT(*) FROM differing_rows WHERE is_gone;

    DELETE FROM ticketmaster.bridge_event_attraction
    USING differing_rows
    WHERE bridge_event_attraction.event_id = differing_rows.event_id
        AND bridge_event_attraction.attraction_id = differing_rows.attraction_id;
    INSERT INTO ticketmaster.bridge_event_attraction (event_id, attraction_sk, attraction_id, "position", is_primary)
    SELECT
        d.event_id,
        d.attraction_sk,
        d.attraction_id, d."position", d.is_primary
    FROM desired_rows AS d
    INNER JOIN differing_rows AS r ON d.event_id = r.event_id AND d.attraction_id = r.attraction_id;
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;
    CALL etl.sp_record_star_table(p_run_id, 'bridge_event_attraction', v_staged, v_inserted, v_versioned,
        v_deleted);

    -- bridge_event_classification: what the touched events name on their last day, and what of it differs from what stands.
    DROP TABLE IF EXISTS desired_rows;
    CREATE TEMP TABLE desired_rows (LIKE ticketmaster.bridge_event_classification);
    INSERT INTO desired_rows (event_id, classification_sk, "position", is_primary, classification_id)
    SELECT
        o.event_id,
        COALESCE(d.classification_sk, 0),
        o."position", o.is_primary, o.classification_id
    FROM touched_events AS t
    INNER JOIN ticketmaster.event_classification_observations AS o
        ON t.event_id = o.event_id AND t.last_seen_on = o.observed_on
    LEFT JOIN ticketmaster.dim_classification AS d
        ON o.classification_id = d.classification_id AND d.classification_sk <> 0
    WHERE o.observed_on >= v_from AND o.observed_on <= v_to;
    -- Events not touched of which a row names a classification that moved.
    DROP TABLE IF EXISTS pointed_rows;
    CREATE TEMP TABLE pointed_rows (
        event_id VARCHAR(256) NOT NULL, "position" INTEGER NOT NULL, classification_sk BIGINT NOT NULL
    ) DISTKEY (event_id);
    INSERT INTO pointed_rows (event_id, "position", classification_sk)
    SELECT
        b.event_id,
        b."position",
        COALESCE(d.classification_sk, 0)
    FROM ticketmaster.bridge_event_classification AS b
    INNER JOIN changed_classifications AS m ON b.classification_id = m.classification_id
    LEFT JOIN ticketmaster.dim_classification AS d
        ON b.classification_id = d.classification_id AND d.classification_sk <> 0
    LEFT JOIN touched_events AS t ON b.event_id = t.event_id
    WHERE t.event_id IS NULL AND COALESCE(d.classification_sk, 0) <> b.classification_sk;
    UPDATE ticketmaster.bridge_event_classification
    SET classification_sk = p.classification_sk
    FROM pointed_rows AS p
    WHERE
        bridge_event_classification.event_id = p.event_id
        AND bridge_event_classification."position" = p."position";
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;

    DROP TABLE IF EXISTS differing_rows;
    CREATE TEMP TABLE differing_rows (
        event_id VARCHAR(256) NOT NULL, "position" INTEGER NOT NULL, is_new BOOLEAN NOT NULL, is_gone BOOLEAN NOT NULL
    ) DISTKEY (event_id);
    INSERT INTO differing_rows (event_id, "position", is_new, is_gone)
    SELECT
        COALESCE(d.event_id, b.event_id),
        COALESCE(d."position", b."position"),
        b.event_id IS NULL,
        d.event_id IS NULL
    FROM desired_rows AS d
    FULL OUTER JOIN (
        SELECT f.*
        FROM ticketmaster.bridge_event_classification AS f
        INNER JOIN touched_events AS t ON f.event_id = t.event_id
    ) AS b ON d.event_id = b.event_id AND d."position" = b."position"
    WHERE
        d.event_id IS NULL
        OR b.event_id IS NULL
        OR d.classification_sk <> b.classification_sk
        OR d.is_primary <> b.is_primary
        OR d.classification_id <> b.classification_id;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_event_classifications WHERE run_id = p_run_id;
    SELECT INTO v_inserted, v_versioned
        COALESCE(SUM(CASE WHEN r.is_new THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN r.is_new OR r.is_gone THEN 0 ELSE 1 END), 0)
    FROM staging.ticketmaster_event_classifications AS s
    INNER JOIN differing_rows AS r ON s.event_id = r.event_id AND s."position" = r."position"
    INNER JOIN touched_events AS t ON s.event_id = t.event_id AND t.last_seen_on = v_day
    WHERE s.run_id = p_run_id;
    SELECT INTO v_deleted COUNT(*) FROM differing_rows WHERE is_gone;

    DELETE FROM ticketmaster.bridge_event_classification
    USING differing_rows
    WHERE bridge_event_classification.event_id = differing_rows.event_id
        AND bridge_event_classification."position" = differing_rows."position";
    INSERT INTO ticketmaster.bridge_event_classification (event_id, classification_sk, "position", is_primary, classification_id)
    SELECT
        d.event_id,
        d.classification_sk,
        d."position", d.is_primary, d.classification_id
    FROM desired_rows AS d
    INNER JOIN differing_rows AS r ON d.event_id = r.event_id AND d."position" = r."position";
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_total := v_total + v_rows;
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
