-- name: {{ one.table_name }}_as_staged
-- severity: CRITICAL
-- table: {{ star.name }}.{{ one.table_name }}
-- phase: star
-- description: The rows are those that the run staged: none lost, none left over, none changed. A day before the newest published leaves the star as it was.
SELECT
    SUM(CASE WHEN compared.sides <> 2 AND newer.runs = 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT COUNT(*) AS sides
    FROM (
        SELECT {{ one.key }} AS id, row_hash FROM {{ star.name }}.{{ one.table_name }} WHERE {{ one.key }} IS NOT NULL
        UNION ALL
        SELECT {{ one.key }} AS id, row_hash FROM staging.{{ star.name }}_{{ one.curated }} WHERE run_id = p_run_id
    ) AS either
    GROUP BY id, row_hash
) AS compared
CROSS JOIN (
    SELECT COUNT(*) AS runs FROM etl.runs
    WHERE pipeline = '{{ star.pipeline }}' AND published_at IS NOT NULL AND business_date > v_day
) AS newer
