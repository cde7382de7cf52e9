-- name: dimensions_no_fan_out
-- severity: CRITICAL
-- table: {{ star.name }}.{{ star.dimensions[0].table_name }}
-- phase: star
-- description: No key and no id is in a dimension twice, so that joining one counts no fact twice.
SELECT
    SUM(copies - 1) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM (
{% for one in star.dimensions %}
        SELECT '{{ one.name }} key' AS kind, CAST({{ one.name }}_sk AS VARCHAR(256)) AS id FROM {{ star.name }}.{{ one.table_name }}
        UNION ALL
        SELECT '{{ one.name }}' AS kind, CAST({{ one.key }} AS VARCHAR(256)) AS id FROM {{ star.name }}.{{ one.table_name }}
        {{- "" if loop.last else "\n        UNION ALL" }}
{% endfor %}
    ) AS named
    GROUP BY kind, id
) AS counted
