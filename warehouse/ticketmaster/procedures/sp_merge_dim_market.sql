-- Type 1: a member has the content of its latest observation, and exists as long as it has any.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_dim_market(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
BEGIN
    DROP TABLE IF EXISTS latest_members;
    CREATE TEMP TABLE latest_members (LIKE ticketmaster.dim_market);
    INSERT INTO latest_members (
        market_sk, market_id, name, first_seen_on, last_seen_on
    )
    SELECT
        0,
        market_id, name, first_seen_on, observed_on
    FROM (
        SELECT
            o.market_id, o.name,
            o.observed_on,
            MIN(o.observed_on) OVER (PARTITION BY o.market_id) AS first_seen_on,
            ROW_NUMBER() OVER (PARTITION BY o.market_id ORDER BY o.observed_on DESC) AS recency
        FROM ticketmaster.market_observations AS o
        INNER JOIN touched_markets AS t ON o.market_id = t.market_id
    ) AS seen
    WHERE recency = 1;

    -- Members that come or go: facts that name them are pointed anew.
    DROP TABLE IF EXISTS changed_markets;
    CREATE TEMP TABLE changed_markets (market_id VARCHAR(256) NOT NULL);
    INSERT INTO changed_markets (market_id)
    SELECT l.market_id
    FROM latest_members AS l
    LEFT JOIN ticketmaster.dim_market AS d ON l.market_id = d.market_id AND d.market_sk <> 0
    WHERE d.market_id IS NULL
    UNION
    SELECT d.market_id
    FROM ticketmaster.dim_market AS d
    INNER JOIN touched_markets AS t ON d.market_id = t.market_id
    LEFT JOIN latest_members AS l ON d.market_id = l.market_id
    WHERE l.market_id IS NULL AND d.market_sk <> 0;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_markets WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_markets AS s
    INNER JOIN changed_markets AS c ON s.market_id = c.market_id
    WHERE s.run_id = p_run_id;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_markets AS s
    INNER JOIN latest_members AS l ON s.market_id = l.market_id
    INNER JOIN ticketmaster.dim_market AS d ON l.market_id = d.market_id AND d.market_sk <> 0
    WHERE
        s.run_id = p_run_id
        AND (
            COALESCE(d.name, '-') <> COALESCE(l.name, '-')
        );

    DELETE FROM ticketmaster.dim_market
    USING changed_markets
    WHERE dim_market.market_id = changed_markets.market_id AND dim_market.market_sk <> 0;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE ticketmaster.dim_market
    SET
        name = l.name,
        first_seen_on = l.first_seen_on,
        last_seen_on = l.last_seen_on
    FROM latest_members AS l
    WHERE dim_market.market_id = l.market_id AND dim_market.market_sk <> 0;

    INSERT INTO ticketmaster.dim_market (
        market_id, name, first_seen_on, last_seen_on
    )
    SELECT
        l.market_id, l.name, l.first_seen_on, l.last_seen_on
    FROM latest_members AS l
    LEFT JOIN ticketmaster.dim_market AS d ON l.market_id = d.market_id AND d.market_sk <> 0
    WHERE d.market_id IS NULL;

    CALL etl.sp_record_star_table(p_run_id, 'dim_market', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_dim_market', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
