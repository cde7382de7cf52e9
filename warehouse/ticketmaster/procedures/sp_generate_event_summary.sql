-- KPIs month by month, with the five busiest venues and attractions of each month, in ticketmaster.event_summary.
-- Withdrawn events are left out: a later day, before their own, did not show them. Cancelled events
-- are counted among the events and apart; who is busiest is told without them.
-- A show counts once, however often it is listed: all figures but the first, the events, are of shows.
-- Prices are those in US dollars: amounts in several currencies do not compare.
-- Reads: common.dim_date, ticketmaster.dim_attraction, ticketmaster.dim_venue, ticketmaster.fact_events
-- Writes: ticketmaster.event_summary
CREATE OR REPLACE PROCEDURE etl.sp_generate_event_summary(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_run_date DATE;
    v_rows BIGINT;
BEGIN
    SELECT INTO v_run_date MAX(last_seen_on) FROM ticketmaster.fact_events;

    DROP TABLE IF EXISTS month_events;
    CREATE TEMP TABLE month_events (
        year_month CHAR(7) NOT NULL,
        event_id VARCHAR(256) NOT NULL,
        venue_id VARCHAR(256) NOT NULL,
        venue_name VARCHAR(4000),
        attraction_id VARCHAR(256) NOT NULL,
        attraction_name VARCHAR(4000),
        status VARCHAR(64),
        is_show BOOLEAN,
        price_min_usd DECIMAL(12, 2),
        price_max_usd DECIMAL(12, 2)
    );
    INSERT INTO month_events (
        year_month, event_id, venue_id, venue_name, attraction_id, attraction_name, status, is_show,
        price_min_usd, price_max_usd
    )
    SELECT
        d.year_month,
        f.event_id,
        v.venue_id,
        v.name,
        a.attraction_id,
        a.name,
        f.status,
        COALESCE(f.is_show, TRUE),
        CASE WHEN f.price_currency = 'USD' AND COALESCE(f.price_type, 'standard') = 'standard' THEN f.price_min END,
        CASE WHEN f.price_currency = 'USD' AND COALESCE(f.price_type, 'standard') = 'standard' THEN f.price_max END
    FROM ticketmaster.fact_events AS f
    INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key
    INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
    INNER JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk = a.attraction_sk
    WHERE
        {{ is_listed("f") | indent(4) }}
        AND f.start_date_key <> 0;

    DROP TABLE IF EXISTS month_tops;
    CREATE TEMP TABLE month_tops (
        year_month CHAR(7) NOT NULL, kind VARCHAR(16) NOT NULL, place BIGINT NOT NULL, label VARCHAR(4200) NOT NULL
    );
    INSERT INTO month_tops (year_month, kind, place, label)
    SELECT year_month, 'venue', place, label
    FROM (
        SELECT
            year_month,
            COALESCE(MAX(venue_name), venue_id) || ' (' || CAST(COUNT(*) AS VARCHAR(20)) || ')' AS label,
            ROW_NUMBER() OVER (PARTITION BY year_month ORDER BY COUNT(*) DESC, venue_id) AS place
        FROM month_events
        WHERE is_show AND venue_id <> '-' AND COALESCE(status, '') <> 'cancelled'
        GROUP BY year_month, venue_id
    ) AS venues
    WHERE place <= 5;
    INSERT INTO month_tops (year_month, kind, place, label)
    SELECT year_month, 'attraction', place, label
    FROM (
        SELECT
            year_month,
            COALESCE(MAX(attraction_name), attraction_id) || ' (' || CAST(COUNT(*) AS VARCHAR(20)) || ')' AS label,
            ROW_NUMBER() OVER (PARTITION BY year_month ORDER BY COUNT(*) DESC, attraction_id) AS place
        FROM month_events
        WHERE is_show AND attraction_id <> '-' AND COALESCE(status, '') <> 'cancelled'
        GROUP BY year_month, attraction_id
    ) AS attractions
    WHERE place <= 5;

    DROP TABLE IF EXISTS month_leaders;
    CREATE TEMP TABLE month_leaders (
        year_month CHAR(7) NOT NULL, kind VARCHAR(16) NOT NULL, leaders VARCHAR(65535)
    );
    INSERT INTO month_leaders (year_month, kind, leaders)
    SELECT
        year_month,
        kind,
        LISTAGG(label, '; ') WITHIN GROUP (ORDER BY place)
    FROM month_tops
    GROUP BY year_month, kind;

    DELETE FROM ticketmaster.event_summary;
    INSERT INTO ticketmaster.event_summary (
        year_month, run_date, events, shows, cancelled_events, rescheduled_events, venues, attractions, priced_events,
        price_min_usd, price_max_usd, top_venues, top_attractions, generated_at
    )
    SELECT
        kpis.year_month,
        v_run_date,
        kpis.events,
        kpis.shows,
        kpis.cancelled_events,
        kpis.rescheduled_events,
        kpis.venues,
        kpis.attractions,
        kpis.priced_events,
        kpis.price_min_usd,
        kpis.price_max_usd,
        top_venue.leaders,
        top_attraction.leaders,
        GETDATE()
    FROM (
        SELECT
            year_month,
            COUNT(*) AS events,
            SUM(CASE WHEN is_show THEN 1 ELSE 0 END) AS shows,
            SUM(CASE WHEN is_show AND status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled_events,
            SUM(CASE WHEN is_show AND status IN ('postponed', 'rescheduled') THEN 1 ELSE 0 END) AS rescheduled_events,
            COUNT(DISTINCT CASE WHEN is_show AND venue_id <> '-' THEN venue_id END) AS venues,
            COUNT(DISTINCT CASE WHEN is_show AND attraction_id <> '-' THEN attraction_id END) AS attractions,
            SUM(CASE WHEN is_show AND price_min_usd IS NOT NULL THEN 1 ELSE 0 END) AS priced_events,
            MIN(CASE WHEN is_show THEN price_min_usd END) AS price_min_usd,
            MAX(CASE WHEN is_show THEN price_max_usd END) AS price_max_usd
        FROM month_events
        GROUP BY year_month
    ) AS kpis
    LEFT JOIN month_leaders AS top_venue
        ON kpis.year_month = top_venue.year_month AND top_venue.kind = 'venue'
    LEFT JOIN month_leaders AS top_attraction
        ON kpis.year_month = top_attraction.year_month AND top_attraction.kind = 'attraction';
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    CALL etl.sp_log_step(p_run_id, 'etl.sp_generate_event_summary', 'summary', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
