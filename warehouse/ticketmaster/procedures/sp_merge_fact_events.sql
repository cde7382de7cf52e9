-- One row per event: its latest snapshot, with the first and last day seen.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_fact_events(p_run_id IN VARCHAR(128))
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

    -- Seen on this day: the known days widen. No longer seen on it: they are found again among the snapshots.
    -- Pointed anew: they stay.
    DROP TABLE IF EXISTS touched_events;
    CREATE TEMP TABLE touched_events (
        event_id VARCHAR(256) NOT NULL, first_seen_on DATE, last_seen_on DATE
    ) DISTKEY (event_id);
    INSERT INTO touched_events (event_id, first_seen_on, last_seen_on)
    SELECT
        s.event_id,
        LEAST(COALESCE(f.first_seen_on, v_day), v_day),
        GREATEST(COALESCE(f.last_seen_on, v_day), v_day)
    FROM staging.ticketmaster_events AS s
    LEFT JOIN ticketmaster.fact_events AS f ON s.event_id = f.event_id
    WHERE s.run_id = p_run_id;
    SELECT INTO v_staged COUNT(*) FROM touched_events;
    SELECT INTO v_inserted COUNT(*)
    FROM touched_events AS t
    LEFT JOIN ticketmaster.fact_events AS f ON t.event_id = f.event_id
    WHERE f.event_id IS NULL;

    INSERT INTO touched_events (event_id, first_seen_on, last_seen_on)
    SELECT
        r.event_id,
        MIN(s.observed_on),
        MAX(s.observed_on)
    FROM removed_events AS r
    LEFT JOIN ticketmaster.fact_event_snapshots AS s ON r.event_id = s.event_id
    GROUP BY r.event_id;
    INSERT INTO touched_events (event_id, first_seen_on, last_seen_on)
    SELECT DISTINCT
        f.event_id,
        f.first_seen_on,
        f.last_seen_on
    FROM ticketmaster.fact_events AS f
    INNER JOIN pointed_snapshots AS p ON f.event_id = p.event_id
    LEFT JOIN touched_events AS t ON f.event_id = t.event_id
    WHERE t.event_id IS NULL;

    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_events AS s
    INNER JOIN ticketmaster.fact_events AS f ON s.event_id = f.event_id
    WHERE s.run_id = p_run_id AND f.last_seen_on <= v_day AND f.row_hash <> s.row_hash;
    SELECT INTO v_deleted COUNT(*) FROM touched_events WHERE last_seen_on IS NULL;

    DELETE FROM ticketmaster.fact_events
    USING touched_events
    WHERE fact_events.event_id = touched_events.event_id;

    INSERT INTO ticketmaster.fact_events (
        event_id, venue_sk, attraction_sk, classification_sk, market_sk, name, url, status, venue_id,
        attraction_id, classification_id, market_id, start_date_key, start_date, start_local_at, start_at,
        timezone, local_hour, local_weekday, weekday_sort, end_at, public_sale_start_at, public_sale_end_at,
        price_min, price_max, price_currency, attraction_count, classification_count, presale_count,
        promoter_name, is_test, is_archtics, is_show, non_show_reason, is_date_tba, is_date_tbd, is_time_tba,
        spans_multiple_days, is_legal_age_enforced, row_hash, first_seen_on, last_seen_on, first_seen_date_key,
        last_seen_date_key, run_id
    )
    SELECT
        s.event_id, s.venue_sk, s.attraction_sk, s.classification_sk, s.market_sk, s.name, s.url, s.status,
        s.venue_id, s.attraction_id, s.classification_id, s.market_id, s.start_date_key, s.start_date,
        s.start_local_at, s.start_at, s.timezone, s.local_hour, s.local_weekday, s.weekday_sort, s.end_at,
        s.public_sale_start_at, s.public_sale_end_at, s.price_min, s.price_max, s.price_currency,
        s.attraction_count, s.classification_count, s.presale_count, s.promoter_name, s.is_test, s.is_archtics,
        s.is_show, s.non_show_reason, s.is_date_tba, s.is_date_tbd, s.is_time_tba, s.spans_multiple_days,
        s.is_legal_age_enforced, s.row_hash,
        t.first_seen_on,
        t.last_seen_on,
        CAST(TO_CHAR(t.first_seen_on, 'YYYYMMDD') AS INTEGER),
        CAST(TO_CHAR(t.last_seen_on, 'YYYYMMDD') AS INTEGER),
        s.run_id
    FROM ticketmaster.fact_event_snapshots AS s
    INNER JOIN touched_events AS t ON s.event_id = t.event_id AND s.observed_on = t.last_seen_on;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    CALL etl.sp_record_star_table(p_run_id, 'fact_events', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_fact_events', 'merge', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
