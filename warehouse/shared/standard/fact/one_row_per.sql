-- name: {{ one.table_name }}_one_row_per_{{ one.name }}
-- severity: CRITICAL
-- table: {{ star.name }}.{{ one.table_name }}
-- phase: star
-- description: The grain of {{ one.table_name }} is the {{ one.name }}.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM {{ star.name }}.{{ one.table_name }}
    GROUP BY CAST({{ one.key }} AS VARCHAR(256))
) AS counted
