-- One row per listing: the listings become what was staged, as the sales do. Each finds its event, venue, category and
-- seller anew among the merged dimensions, and only those that are not as they were are written.
CREATE OR REPLACE PROCEDURE tickit.sp_merge_fact_listings(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_is_superseded BOOLEAN := FALSE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
BEGIN
    CALL etl.sp_find_newer_day(p_run_id, v_is_superseded);
    SELECT INTO v_staged COUNT(*) FROM staging.tickit_listings WHERE run_id = p_run_id;

    DROP TABLE IF EXISTS changed_listings;
    CREATE TEMP TABLE changed_listings (
        listing_id INTEGER NOT NULL, was_there BOOLEAN NOT NULL, is_there BOOLEAN NOT NULL,
        event_sk BIGINT, venue_sk BIGINT, category_sk BIGINT, seller_sk BIGINT,
        listing_date_key INTEGER, event_date_key INTEGER, event_id INTEGER, venue_id INTEGER, seller_id INTEGER,
        ticket_count INTEGER, price_per_ticket DECIMAL(8,2), total_price DECIMAL(8,2), listed_at TIMESTAMP,
        row_hash VARCHAR(64)
    ) DISTKEY (listing_id);
    INSERT INTO changed_listings (
        listing_id, was_there, is_there, event_sk, venue_sk, category_sk, seller_sk, listing_date_key,
        event_date_key, event_id, venue_id, seller_id, ticket_count, price_per_ticket, total_price, listed_at, row_hash
    )
    SELECT
        COALESCE(s.listing_id, f.listing_id),
        f.listing_id IS NOT NULL,
        s.listing_id IS NOT NULL,
        s.event_sk, s.venue_sk, s.category_sk, s.seller_sk, s.listing_date_key, s.event_date_key, s.event_id,
        s.venue_id, s.seller_id, s.ticket_count, s.price_per_ticket, s.total_price, s.listed_at, s.row_hash
    FROM (
        SELECT
            t.listing_id, t.event_id, t.seller_id, t.listing_date_key, t.ticket_count, t.price_per_ticket,
            t.total_price, t.listed_at, t.row_hash,
            e.venue_id,
            COALESCE(e.event_date_key, 0) AS event_date_key,
            COALESCE(e.event_sk, 0) AS event_sk,
            COALESCE(v.venue_sk, 0) AS venue_sk,
            COALESCE(c.category_sk, 0) AS category_sk,
            COALESCE(seller.user_sk, 0) AS seller_sk
        FROM staging.tickit_listings AS t
        LEFT JOIN tickit.dim_event AS e ON t.event_id = e.event_id
        LEFT JOIN tickit.dim_venue AS v ON e.venue_id = v.venue_id
        LEFT JOIN tickit.dim_category AS c ON e.category_id = c.category_id
        LEFT JOIN tickit.dim_user AS seller ON t.seller_id = seller.user_id
        WHERE t.run_id = p_run_id
    ) AS s
    FULL JOIN tickit.fact_listings AS f ON s.listing_id = f.listing_id
    WHERE
        NOT v_is_superseded
        AND (
            f.listing_id IS NULL
            OR s.listing_id IS NULL
            OR s.row_hash <> f.row_hash
            OR s.event_date_key <> f.event_date_key
            OR s.event_sk <> f.event_sk
            OR s.venue_sk <> f.venue_sk
            OR s.category_sk <> f.category_sk
            OR s.seller_sk <> f.seller_sk
            OR COALESCE(s.venue_id, -99999) <> COALESCE(f.venue_id, -99999)
        );
    ANALYZE changed_listings;

    SELECT INTO v_inserted, v_versioned, v_deleted
        COALESCE(SUM(CASE WHEN NOT was_there THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN was_there AND is_there THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN NOT is_there THEN 1 ELSE 0 END), 0)
    FROM changed_listings;

    DELETE FROM tickit.fact_listings
    USING changed_listings
    WHERE fact_listings.listing_id = changed_listings.listing_id AND changed_listings.was_there;

    INSERT INTO tickit.fact_listings (
        listing_id, event_sk, venue_sk, category_sk, seller_sk, listing_date_key, event_date_key, event_id, venue_id,
        seller_id, ticket_count, price_per_ticket, total_price, listed_at, row_hash, run_id
    )
    SELECT
        listing_id, event_sk, venue_sk, category_sk, seller_sk, listing_date_key, event_date_key, event_id, venue_id,
        seller_id, ticket_count, price_per_ticket, total_price, listed_at, row_hash, p_run_id
    FROM changed_listings
    WHERE is_there;
    ANALYZE tickit.fact_listings;

    CALL etl.sp_record_star_table(p_run_id, 'fact_listings', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'tickit.sp_merge_fact_listings', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
