-- name: market_keys_unique
-- severity: CRITICAL
-- table: staging.ticketmaster_markets
-- phase: staged
-- description: No market is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        market_id,
        COUNT(*) AS copies
    FROM staging.ticketmaster_markets
    WHERE run_id = p_run_id
    GROUP BY market_id
) AS counted
