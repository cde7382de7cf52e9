-- Which events are withdrawn: the first day after an event was last seen whose window covers its start, as last known, and
-- that did not show it. Before that day nothing is known, as of an event that moved beyond what is observed. On its own day
-- an event may have begun, and be off sale. One without a date should be shown on any day.
-- A function of the days observed, whatever their order: events of which this day could say something are asked about.
-- Reads: etl.runs, staging.ticketmaster_touched_events, ticketmaster.fact_events, ticketmaster.observed_days
-- Writes: ticketmaster.fact_events, ticketmaster.observed_days
CREATE OR REPLACE PROCEDURE ticketmaster.sp_mark_withdrawn_events(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_observed_to DATE;
    v_last DATE;
    v_rows BIGINT;
BEGIN
    SELECT INTO v_day, v_observed_to
        business_date,
        COALESCE(observed_to, CAST('9999-12-31' AS DATE))
    FROM etl.runs
    WHERE run_id = p_run_id;
    DELETE FROM ticketmaster.observed_days WHERE observed_on = v_day;
    INSERT INTO ticketmaster.observed_days (observed_on, observed_to) VALUES (v_day, v_observed_to);
    SELECT INTO v_last MAX(observed_on) FROM ticketmaster.observed_days;

    DROP TABLE IF EXISTS questioned_events;
    CREATE TEMP TABLE questioned_events (
        event_id VARCHAR(256) NOT NULL, last_seen_on DATE NOT NULL, start_date DATE, start_at TIMESTAMP
    ) DISTKEY (event_id);
    INSERT INTO questioned_events (event_id, last_seen_on, start_date, start_at)
    SELECT
        f.event_id,
        f.last_seen_on,
        f.start_date,
        f.start_at
    FROM ticketmaster.fact_events AS f
    LEFT JOIN staging.ticketmaster_touched_events AS t ON f.event_id = t.event_id AND t.run_id = p_run_id
    WHERE
        t.event_id IS NOT NULL
        OR f.withdrawn_on = v_day
        OR (
            f.last_seen_on < v_day
            AND (f.start_date IS NULL OR f.start_date > v_day)
            AND (f.withdrawn_on IS NULL OR f.withdrawn_on > v_day)
        );

    DROP TABLE IF EXISTS withdrawals;
    CREATE TEMP TABLE withdrawals (event_id VARCHAR(256) NOT NULL, withdrawn_on DATE NOT NULL) DISTKEY (event_id);
    INSERT INTO withdrawals (event_id, withdrawn_on)
    SELECT
        q.event_id,
        MIN(d.observed_on)
    FROM questioned_events AS q
    INNER JOIN ticketmaster.observed_days AS d
        ON
            q.last_seen_on < d.observed_on
            AND {{ is_due("q", "d.observed_on", "d.observed_to") | indent(12) }}
    WHERE q.last_seen_on < v_last
    GROUP BY q.event_id;

    UPDATE ticketmaster.fact_events
    SET withdrawn_on = w.withdrawn_on
    FROM (
        SELECT
            q.event_id,
            w.withdrawn_on
        FROM questioned_events AS q
        LEFT JOIN withdrawals AS w ON q.event_id = w.event_id
    ) AS w
    WHERE
        fact_events.event_id = w.event_id
        AND COALESCE(fact_events.withdrawn_on, CAST('0001-01-01' AS DATE))
        <> COALESCE(w.withdrawn_on, CAST('0001-01-01' AS DATE));
    GET DIAGNOSTICS v_rows := ROW_COUNT;

    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_mark_withdrawn_events', 'mark', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
