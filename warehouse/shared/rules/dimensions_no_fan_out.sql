-- description: No key and no id is in a dimension twice, so that joining one counts no fact twice.
SELECT
    SUM(copies - 1) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM (
{% for dimension in star.keyed_dimensions %}
        SELECT '{{ dimension.name }} key' AS kind, CAST({{ dimension.name }}_sk AS VARCHAR(256)) AS id
        FROM {{ star.name }}.{{ dimension.table_name }}
        UNION ALL
        SELECT '{{ dimension.name }}' AS kind, CAST({{ dimension.key }} AS VARCHAR(256)) AS id
        FROM {{ star.name }}.{{ dimension.table_name }}
        {{- "" if loop.last else "\n        UNION ALL" }}
{% endfor %}
    ) AS named
    GROUP BY kind, id
) AS counted
