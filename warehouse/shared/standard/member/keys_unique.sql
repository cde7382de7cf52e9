-- name: {{ one.name }}_keys_unique
-- severity: CRITICAL
-- table: staging.{{ star.name }}_{{ one.curated }}
-- phase: staged
-- description: No {{ one.name }} is staged twice in a run.
SELECT
    COUNT(*) - COUNT(DISTINCT {{ one.key }}) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.{{ star.name }}_{{ one.curated }}
WHERE run_id = p_run_id
