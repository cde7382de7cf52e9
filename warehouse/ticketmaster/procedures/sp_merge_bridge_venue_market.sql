-- The markets of each version of a venue: of all versions of the venues that were touched, or that name a market that
-- was added or deleted.
-- Reads: common.numbers, staging.ticketmaster_changed_members, staging.ticketmaster_touched_members,
-- staging.ticketmaster_venue_markets, ticketmaster.bridge_venue_market, ticketmaster.dim_market,
-- ticketmaster.dim_venue
-- Writes: ticketmaster.bridge_venue_market
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_bridge_venue_market(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_staged BIGINT;
    v_inserted BIGINT;
    v_deleted BIGINT;
    v_rows BIGINT;
BEGIN
    DROP TABLE IF EXISTS bridged_venues;
    CREATE TEMP TABLE bridged_venues (venue_id VARCHAR(256) NOT NULL);
    INSERT INTO bridged_venues (venue_id)
    SELECT member_id FROM staging.ticketmaster_touched_members WHERE run_id = p_run_id AND dimension = 'venue'
    UNION
    SELECT b.venue_id
    FROM ticketmaster.bridge_venue_market AS b
    INNER JOIN staging.ticketmaster_changed_members AS m
        ON b.market_id = m.member_id AND m.run_id = p_run_id AND m.dimension = 'market';
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

    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_bridge_venue_market', 'merge', v_started, v_rows);
END;
$$ LANGUAGE plpgsql;
