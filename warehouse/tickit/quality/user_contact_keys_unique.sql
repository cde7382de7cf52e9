-- name: user_contact_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_user_contacts
-- phase: staged
-- description: No user contact is staged twice in a run.
SELECT
    COUNT(*) - COUNT(DISTINCT user_id) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_user_contacts
WHERE run_id = p_run_id
