-- description: Every table that is staged has at least one row: an empty one would empty what readers have of it.
SELECT
    SUM(CASE WHEN staged = 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
{% for name in star.staged %}
    SELECT COUNT(*) AS staged FROM staging.{{ name }} WHERE run_id = p_run_id
    {{- "" if loop.last else "\n    UNION ALL" }}
{% endfor %}
) AS counted
