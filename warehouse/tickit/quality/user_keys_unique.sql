-- name: user_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_users
-- phase: staged
-- description: No user is staged twice in a run.
SELECT
    COUNT(*) - COUNT(DISTINCT user_id) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_users
WHERE run_id = p_run_id
