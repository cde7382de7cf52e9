-- name: category_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_categories
-- phase: staged
-- description: No category is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        category_id,
        COUNT(*) AS copies
    FROM staging.tickit_categories
    WHERE run_id = p_run_id
    GROUP BY category_id
) AS counted
