-- name: user_contacts_complete
-- severity: MEDIUM
-- table: staging.tickit_user_contacts
-- phase: staged
-- description: Every user has a row of contacts, possibly with empty values, and every row of contacts has a user.
SELECT
    SUM(CASE WHEN u.user_id IS NULL OR p.user_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (SELECT user_id FROM staging.tickit_users WHERE run_id = p_run_id) AS u
FULL OUTER JOIN (SELECT user_id FROM staging.tickit_user_contacts WHERE run_id = p_run_id) AS p
    ON u.user_id = p.user_id
