-- description: All curated rows are staged, and no others.
SELECT
    SUM(ABS(COALESCE(books.records, 0) - counted.staged)) AS failed_rows,
    SUM(counted.staged) AS total_rows
FROM (
{% for name in tables %}
    SELECT
        '{{ name }}' AS table_name,
        COUNT(*) AS staged
    FROM staging.{{ star.name }}_{{ name }}
    WHERE run_id = p_run_id
    {{- "" if loop.last else "\n    UNION ALL" }}
{% endfor %}
) AS counted
LEFT JOIN (
    SELECT
        table_name,
        SUM(COALESCE(curated_records, derived_records, 0)) AS records
    FROM etl.run_tables
    WHERE run_id = p_run_id AND layer IN ('raw', 'curated')
    GROUP BY table_name
) AS books
    ON counted.table_name = books.table_name
