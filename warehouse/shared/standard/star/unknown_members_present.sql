-- name: unknown_members_present
-- severity: CRITICAL
-- table: {{ star.name }}.{{ star.dimensions[0].table_name }}
-- phase: star
-- description: Every dimension has its unknown member, key 0.
SELECT
    SUM(CASE WHEN members = 1 THEN 0 ELSE 1 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
{% for one in star.dimensions %}
    SELECT COUNT(*) AS members FROM {{ star.name }}.{{ one.table_name }} WHERE {{ one.name }}_sk = 0
    {{- "" if loop.last else "\n    UNION ALL" }}
{% endfor %}
) AS counted
