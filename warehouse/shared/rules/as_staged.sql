-- description: The rows are those that the run staged: none lost, none left over, none changed. A day before the newest published leaves the star as it was.
SELECT
    SUM(CASE WHEN compared.sides <> 2 AND newer.runs = 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT COUNT(*) AS sides
    FROM (
{% for member in star.members if member.table_name in tables %}
        SELECT '{{ member.table_name }}' AS member, {{ member.key }} AS id, row_hash FROM {{ star.name }}.{{ member.table_name }}
        WHERE {{ member.key }} IS NOT NULL
        UNION ALL
        SELECT '{{ member.table_name }}' AS member, {{ member.key }} AS id, row_hash FROM staging.{{ star.name }}_{{ member.curated }}
        WHERE run_id = p_run_id
        {{- "" if loop.last else "\n        UNION ALL" }}
{% endfor %}
    ) AS either
    GROUP BY member, id, row_hash
) AS compared
CROSS JOIN (
    SELECT COUNT(*) AS runs FROM etl.runs
    WHERE pipeline = '{{ star.pipeline }}' AND published_at IS NOT NULL AND business_date > v_day
) AS newer
