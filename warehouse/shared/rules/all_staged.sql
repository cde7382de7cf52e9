-- description: Every curated row is staged, and nothing else.
SELECT
    SUM(ABS(COALESCE(books.curated_records, books.derived_records, 0) - counted.staged)) AS failed_rows,
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
LEFT JOIN etl.run_tables AS books
    ON counted.table_name = books.table_name AND books.run_id = p_run_id AND books.layer IN ('raw', 'curated')
