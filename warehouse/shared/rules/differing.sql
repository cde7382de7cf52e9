-- severity: HIGH
-- description: Neighbouring versions of {{ dimension.name | with_article }} differ in content.
SELECT
    SUM(CASE WHEN row_hash = next_hash THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        row_hash,
        LEAD(row_hash, 1) OVER (PARTITION BY {{ dimension.key }} ORDER BY valid_from) AS next_hash
    FROM {{ table }}
) AS versions
