-- description: Freshness: everything staged was observed on the run's business date.
SELECT
    SUM(CASE WHEN observed_on <> v_day THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
{% for name in star.staged %}
    SELECT observed_on FROM staging.{{ name }} WHERE run_id = p_run_id
    {{- "" if loop.last else "\n    UNION ALL" }}
{% endfor %}
) AS staged
