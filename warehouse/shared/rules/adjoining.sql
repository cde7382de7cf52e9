-- description: The versions of {{ dimension.name | with_article }} follow each other without overlap or gap, and none is empty.
SELECT
    SUM(CASE WHEN valid_from >= valid_to OR next_from <> valid_to THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        valid_from,
        valid_to,
        LEAD(valid_from, 1) OVER (PARTITION BY {{ dimension.key }} ORDER BY valid_from) AS next_from
    FROM {{ table }}
) AS versions
