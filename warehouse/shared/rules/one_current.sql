-- description: Every {{ dimension.name }} has exactly one current version, the one that ends on 9999-12-31.
SELECT
    SUM(CASE WHEN current_versions <> 1 OR misnamed > 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        {{ dimension.key }},
        SUM(CASE WHEN is_current THEN 1 ELSE 0 END) AS current_versions,
        SUM(CASE WHEN is_current <> (valid_to = CAST('9999-12-31' AS DATE)) THEN 1 ELSE 0 END) AS misnamed
    FROM {{ table }}
    GROUP BY {{ dimension.key }}
) AS versions
