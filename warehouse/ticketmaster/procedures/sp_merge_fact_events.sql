-- One row per event: its latest snapshot, with the first and last day seen.
-- Reads: etl.runs, staging.ticketmaster_events, staging.ticketmaster_removed_events,
-- staging.ticketmaster_repointed_snapshots, staging.ticketmaster_touched_events, ticketmaster.fact_event_snapshots,
-- ticketmaster.fact_events
-- Writes: etl.runs, staging.ticketmaster_touched_events, ticketmaster.fact_events
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
    v_removed BIGINT;
    v_from DATE;
    v_to DATE;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    -- Events seen on this day: extend the first and last day seen.
    DROP TABLE IF EXISTS seen_events;
    CREATE TEMP TABLE seen_events (
        event_id VARCHAR(256) NOT NULL, first_seen_on DATE NOT NULL, last_seen_on DATE NOT NULL,
        is_known BOOLEAN NOT NULL, is_changed BOOLEAN NOT NULL
    ) DISTKEY (event_id);
    INSERT INTO seen_events (event_id, first_seen_on, last_seen_on, is_known, is_changed)
    SELECT
        s.event_id,
        LEAST(COALESCE(f.first_seen_on, v_day), v_day),
        GREATEST(COALESCE(f.last_seen_on, v_day), v_day),
        f.event_id IS NOT NULL,
        COALESCE(f.last_seen_on <= v_day AND f.row_hash <> s.row_hash, FALSE)
    FROM staging.ticketmaster_events AS s
    LEFT JOIN ticketmaster.fact_events AS f ON s.event_id = f.event_id
    WHERE s.run_id = p_run_id;
    SELECT INTO v_staged, v_inserted, v_versioned
        COUNT(*),
        COALESCE(SUM(CASE WHEN is_known THEN 0 ELSE 1 END), 0),
        COALESCE(SUM(CASE WHEN is_changed THEN 1 ELSE 0 END), 0)
    FROM seen_events;

    -- Events last seen on this day take its content. Events no longer seen on it take the content of another day.
    DELETE FROM staging.ticketmaster_touched_events WHERE run_id = p_run_id;
    INSERT INTO staging.ticketmaster_touched_events (run_id, event_id, first_seen_on, last_seen_on)
    SELECT
        p_run_id,
        event_id,
        first_seen_on,
        last_seen_on
    FROM seen_events
    WHERE last_seen_on = v_day;
    SELECT INTO v_removed COUNT(*) FROM staging.ticketmaster_removed_events WHERE run_id = p_run_id;
    IF v_removed > 0 THEN
        INSERT INTO staging.ticketmaster_touched_events (run_id, event_id, first_seen_on, last_seen_on)
        SELECT
            p_run_id,
            r.event_id,
            MIN(s.observed_on),
            MAX(s.observed_on)
        FROM staging.ticketmaster_removed_events AS r
        LEFT JOIN ticketmaster.fact_event_snapshots AS s ON r.event_id = s.event_id
        WHERE r.run_id = p_run_id
        GROUP BY r.event_id;
    END IF;
    SELECT INTO v_deleted COUNT(*)
    FROM staging.ticketmaster_touched_events
    WHERE run_id = p_run_id AND last_seen_on IS NULL;
    SELECT INTO v_from, v_to
        COALESCE(MIN(last_seen_on), v_day),
        COALESCE(MAX(last_seen_on), v_day)
    FROM staging.ticketmaster_touched_events
    WHERE run_id = p_run_id;

    -- Events last seen on a later day keep that day's content. This day may be the first that showed them.
    UPDATE ticketmaster.fact_events
    SET
        first_seen_on = t.first_seen_on,
        first_seen_date_key = CAST(TO_CHAR(t.first_seen_on, 'YYYYMMDD') AS INTEGER)
    FROM seen_events AS t
    WHERE
        fact_events.event_id = t.event_id
        AND t.last_seen_on > v_day
        AND fact_events.first_seen_on <> t.first_seen_on;

    -- Events whose last snapshot has new keys take them.
    UPDATE ticketmaster.fact_events
    SET
        venue_sk = p.venue_sk,
        attraction_sk = p.attraction_sk,
        classification_sk = p.classification_sk,
        market_sk = p.market_sk
    FROM staging.ticketmaster_repointed_snapshots AS p
    WHERE
        p.run_id = p_run_id
        AND fact_events.event_id = p.event_id
        AND fact_events.last_seen_on = p.observed_on;

    DELETE FROM ticketmaster.fact_events
    USING staging.ticketmaster_touched_events
    WHERE
        fact_events.event_id = ticketmaster_touched_events.event_id
        AND ticketmaster_touched_events.run_id = p_run_id;

    INSERT INTO ticketmaster.fact_events (
        event_id, venue_sk, attraction_sk, classification_sk, market_sk, name, url, status, venue_id,
        attraction_id, classification_id, market_id, start_date_key, start_date, start_local_at, start_at,
        timezone, local_hour, local_weekday, weekday_sort, end_at, public_sale_start_at, public_sale_end_at,
        price_min, price_max, price_currency, attraction_count, classification_count, presale_count,
        promoter_name, is_test, is_archtics, is_show, non_show_reason, is_date_tba, is_date_tbd, is_time_tba,
        spans_multiple_days, is_legal_age_enforced, start_source, start_conflict, price_type, row_hash,
        first_seen_on, last_seen_on, first_seen_date_key, last_seen_date_key, run_id,
        inventory_kind, show_of
    )
    SELECT
        s.event_id, s.venue_sk, s.attraction_sk, s.classification_sk, s.market_sk, s.name, s.url, s.status,
        s.venue_id, s.attraction_id, s.classification_id, s.market_id, s.start_date_key, s.start_date,
        s.start_local_at, s.start_at, s.timezone, s.local_hour, s.local_weekday, s.weekday_sort, s.end_at,
        s.public_sale_start_at, s.public_sale_end_at, s.price_min, s.price_max, s.price_currency,
        s.attraction_count, s.classification_count, s.presale_count, s.promoter_name, s.is_test, s.is_archtics,
        s.is_show, s.non_show_reason, s.is_date_tba, s.is_date_tbd, s.is_time_tba, s.spans_multiple_days,
        s.is_legal_age_enforced, s.start_source, s.start_conflict, s.price_type, s.row_hash,
        t.first_seen_on,
        t.last_seen_on,
        CAST(TO_CHAR(t.first_seen_on, 'YYYYMMDD') AS INTEGER),
        CAST(TO_CHAR(t.last_seen_on, 'YYYYMMDD') AS INTEGER),
        s.run_id,
        s.inventory_kind,
        s.show_of
    FROM ticketmaster.fact_event_snapshots AS s
    INNER JOIN staging.ticketmaster_touched_events AS t
        ON s.event_id = t.event_id AND s.observed_on = t.last_seen_on
    WHERE t.run_id = p_run_id AND s.observed_on >= v_from AND s.observed_on <= v_to;
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    -- The days that this publication changed: the star's own rules check them.
    UPDATE etl.runs
    SET
        touched_from = LEAST(v_from, v_day, days.touched_from),
        touched_to = GREATEST(v_to, v_day, days.touched_to)
    FROM (
        SELECT
            CAST(p_run_id AS VARCHAR(128)) AS run_id,
            MIN(observed_on) AS touched_from,
            MAX(observed_on) AS touched_to
        FROM staging.ticketmaster_repointed_snapshots
        WHERE run_id = p_run_id
    ) AS days
    WHERE runs.run_id = days.run_id;

    CALL etl.sp_record_star_table(p_run_id, 'fact_events', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_fact_events', 'merge', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
