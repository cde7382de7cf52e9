-- name: user_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_users
-- phase: staged
-- description: No user is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        user_id,
        COUNT(*) AS copies
    FROM staging.tickit_users
    WHERE run_id = p_run_id
    GROUP BY user_id
) AS counted
