-- description: Every dimension has its unknown member, key 0.
SELECT
    SUM(CASE WHEN members = 1 THEN 0 ELSE 1 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
{% for dimension in star.keyed_dimensions %}
    SELECT COUNT(*) AS members FROM {{ star.name }}.{{ dimension.table_name }} WHERE {{ dimension.name }}_sk = 0
    {{- "" if loop.last else "\n    UNION ALL" }}
{% endfor %}
) AS counted
