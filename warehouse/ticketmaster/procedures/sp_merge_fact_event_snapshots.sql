-- One row per event and day. Replaces the day's rows with the staged ones, and updates the keys in rows of other days
-- whose venue, attraction, classification or market changed, so that they refer to the version of their own day.
-- Reads: etl.runs, staging.ticketmaster_events, staging.ticketmaster_moved_references,
-- staging.ticketmaster_removed_events, staging.ticketmaster_repointed_snapshots, ticketmaster.dim_classification,
-- ticketmaster.dim_market, ticketmaster.fact_event_snapshots, ticketmaster.v_attraction_ranges,
-- ticketmaster.v_venue_ranges
-- Writes: staging.ticketmaster_repointed_snapshots, ticketmaster.fact_event_snapshots, ticketmaster.unknown_references
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_fact_event_snapshots(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_stale BIGINT;
    v_rows BIGINT;
    v_pointed BIGINT;
    v_from DATE;
    v_to DATE;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    DROP TABLE IF EXISTS unchanged_events;
    CREATE TEMP TABLE unchanged_events (event_id VARCHAR(256) NOT NULL) DISTKEY (event_id);
    INSERT INTO unchanged_events (event_id)
    SELECT f.event_id
    FROM ticketmaster.fact_event_snapshots AS f
    INNER JOIN staging.ticketmaster_events AS s ON f.event_id = s.event_id AND f.row_hash = s.row_hash
    WHERE f.observed_on = v_day AND s.run_id = p_run_id;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_events WHERE run_id = p_run_id;
    SELECT INTO v_deleted COUNT(*) FROM staging.ticketmaster_removed_events WHERE run_id = p_run_id;

    DROP TABLE IF EXISTS stale_events;
    CREATE TEMP TABLE stale_events (event_id VARCHAR(256) NOT NULL) DISTKEY (event_id);
    INSERT INTO stale_events (event_id)
    SELECT f.event_id
    FROM ticketmaster.fact_event_snapshots AS f
    LEFT JOIN unchanged_events AS u ON f.event_id = u.event_id
    WHERE f.observed_on = v_day AND u.event_id IS NULL;
    GET DIAGNOSTICS v_stale := ROW_COUNT;
    v_versioned := v_stale - v_deleted;

    DELETE FROM ticketmaster.fact_event_snapshots
    USING stale_events
    WHERE fact_event_snapshots.observed_on = v_day AND fact_event_snapshots.event_id = stale_events.event_id;

    -- Rows that name a member whose row changed, on the days of the change. If days are loaded in order there are none:
    -- members only changed from the run's day on, and no later day has rows yet.
    SELECT INTO v_from, v_to
        COALESCE(MIN(moved_from), v_day),
        COALESCE(MAX(moved_to), v_day)
    FROM staging.ticketmaster_moved_references
    WHERE run_id = p_run_id;
    DELETE FROM staging.ticketmaster_repointed_snapshots WHERE run_id = p_run_id;
    INSERT INTO staging.ticketmaster_repointed_snapshots (
        run_id, event_id, observed_on, venue_sk, attraction_sk, classification_sk, market_sk
    )
    SELECT
        p_run_id,
        f.event_id,
        f.observed_on,
        COALESCE(v.venue_sk, 0),
        COALESCE(a.attraction_sk, 0),
        COALESCE(c.classification_sk, 0),
        COALESCE(m.market_sk, 0)
    FROM (
        SELECT
            s.event_id, s.observed_on, s.venue_id, s.attraction_id, s.classification_id, s.market_id,
            s.venue_sk, s.attraction_sk, s.classification_sk, s.market_sk
        FROM ticketmaster.fact_event_snapshots AS s
        LEFT JOIN staging.ticketmaster_moved_references AS mv
            ON
                mv.run_id = p_run_id
                AND mv.dimension = 'venue'
                AND s.venue_id = mv.member_id
                AND mv.moved_from <= s.observed_on
                AND mv.moved_to > s.observed_on
        LEFT JOIN staging.ticketmaster_moved_references AS ma
            ON
                ma.run_id = p_run_id
                AND ma.dimension = 'attraction'
                AND s.attraction_id = ma.member_id
                AND ma.moved_from <= s.observed_on
                AND ma.moved_to > s.observed_on
        LEFT JOIN staging.ticketmaster_moved_references AS mc
            ON
                mc.run_id = p_run_id
                AND mc.dimension = 'classification'
                AND s.classification_id = mc.member_id
                AND mc.moved_from <= s.observed_on
                AND mc.moved_to > s.observed_on
        LEFT JOIN staging.ticketmaster_moved_references AS mm
            ON
                mm.run_id = p_run_id
                AND mm.dimension = 'market'
                AND s.market_id = mm.member_id
                AND mm.moved_from <= s.observed_on
                AND mm.moved_to > s.observed_on
        WHERE
            s.observed_on >= v_from
            AND s.observed_on < v_to
            AND (
                mv.member_id IS NOT NULL
                OR ma.member_id IS NOT NULL
                OR mc.member_id IS NOT NULL
                OR mm.member_id IS NOT NULL
            )
    ) AS f
    LEFT JOIN ticketmaster.v_venue_ranges AS v
        ON f.venue_id = v.venue_id AND v.effective_from <= f.observed_on AND v.valid_to > f.observed_on
    LEFT JOIN ticketmaster.v_attraction_ranges AS a
        ON f.attraction_id = a.attraction_id AND a.effective_from <= f.observed_on AND a.valid_to > f.observed_on
    LEFT JOIN ticketmaster.dim_classification AS c
        ON f.classification_id = c.classification_id AND c.classification_sk <> 0
    LEFT JOIN ticketmaster.dim_market AS m
        ON f.market_id = m.market_id AND m.market_sk <> 0
    WHERE
        COALESCE(v.venue_sk, 0) <> f.venue_sk
        OR COALESCE(a.attraction_sk, 0) <> f.attraction_sk
        OR COALESCE(c.classification_sk, 0) <> f.classification_sk
        OR COALESCE(m.market_sk, 0) <> f.market_sk;

    UPDATE ticketmaster.fact_event_snapshots
    SET
        venue_sk = p.venue_sk,
        attraction_sk = p.attraction_sk,
        classification_sk = p.classification_sk,
        market_sk = p.market_sk
    FROM staging.ticketmaster_repointed_snapshots AS p
    WHERE
        p.run_id = p_run_id
        AND fact_event_snapshots.event_id = p.event_id
        AND fact_event_snapshots.observed_on = p.observed_on
        AND fact_event_snapshots.observed_on >= v_from
        AND fact_event_snapshots.observed_on < v_to;
    GET DIAGNOSTICS v_pointed := ROW_COUNT;

    INSERT INTO ticketmaster.fact_event_snapshots (
        observed_on, observed_date_key, event_id, venue_sk, attraction_sk, classification_sk, market_sk,
        name, url, status, venue_id, attraction_id, classification_id, market_id, start_date_key, start_date,
        start_local_at, start_at, timezone, local_hour, local_weekday, weekday_sort, end_at,
        public_sale_start_at, public_sale_end_at, price_min, price_max, price_currency, attraction_count,
        classification_count, presale_count, promoter_name, is_test, is_archtics, is_show, non_show_reason,
        is_date_tba, is_date_tbd, is_time_tba, spans_multiple_days, is_legal_age_enforced, start_source, start_conflict, price_type, row_hash, run_id,
        inventory_kind, show_of
    )
    SELECT
        s.observed_on,
        CAST(TO_CHAR(s.observed_on, 'YYYYMMDD') AS INTEGER),
        s.event_id,
        COALESCE(v.venue_sk, 0),
        COALESCE(a.attraction_sk, 0),
        COALESCE(c.classification_sk, 0),
        COALESCE(m.market_sk, 0),
        s.name, s.url, s.status, s.venue_id, s.attraction_id, s.classification_id, s.market_id,
        s.start_date_key, s.start_date, s.start_local_at, s.start_at, s.timezone, s.local_hour, s.local_weekday,
        s.weekday_sort, s.end_at, s.public_sale_start_at, s.public_sale_end_at, s.price_min, s.price_max,
        s.price_currency, s.attraction_count, s.classification_count, s.presale_count, s.promoter_name,
        s.is_test, s.is_archtics, s.is_show, s.non_show_reason, s.is_date_tba, s.is_date_tbd, s.is_time_tba,
        s.spans_multiple_days, s.is_legal_age_enforced, s.start_source, s.start_conflict, s.price_type, s.row_hash, s.run_id,
        s.inventory_kind, s.show_of
    FROM staging.ticketmaster_events AS s
    LEFT JOIN unchanged_events AS u ON s.event_id = u.event_id
    LEFT JOIN ticketmaster.v_venue_ranges AS v
        ON s.venue_id = v.venue_id AND v.effective_from <= s.observed_on AND v.valid_to > s.observed_on
    LEFT JOIN ticketmaster.v_attraction_ranges AS a
        ON s.attraction_id = a.attraction_id AND a.effective_from <= s.observed_on AND a.valid_to > s.observed_on
    LEFT JOIN ticketmaster.dim_classification AS c
        ON s.classification_id = c.classification_id AND c.classification_sk <> 0
    LEFT JOIN ticketmaster.dim_market AS m
        ON s.market_id = m.market_id AND m.market_sk <> 0
    WHERE s.run_id = p_run_id AND u.event_id IS NULL;
    GET DIAGNOSTICS v_rows := ROW_COUNT;
    v_inserted := v_rows - v_versioned;

    -- Ids that the rows of these days name and that are in no dimension.
    DROP TABLE IF EXISTS pointed_days;
    CREATE TEMP TABLE pointed_days (observed_on DATE NOT NULL);
    INSERT INTO pointed_days (observed_on)
    SELECT v_day
    UNION
    SELECT observed_on FROM staging.ticketmaster_repointed_snapshots WHERE run_id = p_run_id;
    SELECT INTO v_from, v_to
        MIN(observed_on),
        MAX(observed_on)
    FROM pointed_days;
    DROP TABLE IF EXISTS unresolved_snapshots;
    CREATE TEMP TABLE unresolved_snapshots (
        observed_on DATE NOT NULL, venue_id VARCHAR(256), attraction_id VARCHAR(256), classification_id VARCHAR(1600),
        market_id VARCHAR(256)
    );
    INSERT INTO unresolved_snapshots (observed_on, venue_id, attraction_id, classification_id, market_id)
    SELECT DISTINCT
        f.observed_on,
        CASE WHEN f.venue_sk = 0 THEN f.venue_id END,
        CASE WHEN f.attraction_sk = 0 THEN f.attraction_id END,
        CASE WHEN f.classification_sk = 0 THEN f.classification_id END,
        CASE WHEN f.market_sk = 0 THEN f.market_id END
    FROM ticketmaster.fact_event_snapshots AS f
    INNER JOIN pointed_days AS p ON f.observed_on = p.observed_on
    WHERE
        f.observed_on >= v_from
        AND f.observed_on <= v_to
        AND (f.venue_sk = 0 OR f.attraction_sk = 0 OR f.classification_sk = 0 OR f.market_sk = 0);
    DELETE FROM ticketmaster.unknown_references
    USING pointed_days
    WHERE unknown_references.observed_on = pointed_days.observed_on;
    INSERT INTO ticketmaster.unknown_references (observed_on, dimension, natural_id)
    SELECT observed_on, 'venue', venue_id FROM unresolved_snapshots WHERE venue_id IS NOT NULL
    UNION
    SELECT observed_on, 'attraction', attraction_id FROM unresolved_snapshots WHERE attraction_id IS NOT NULL
    UNION
    SELECT observed_on, 'classification', classification_id FROM unresolved_snapshots
    WHERE classification_id IS NOT NULL
    UNION
    SELECT observed_on, 'market', market_id FROM unresolved_snapshots WHERE market_id IS NOT NULL;

    CALL etl.sp_record_star_table(p_run_id, 'fact_event_snapshots', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_fact_event_snapshots', 'merge', v_started, v_rows);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_fact_event_snapshots', 'point anew', v_started, v_pointed);
END;
$$ LANGUAGE plpgsql;
