-- description: What was observed of {{ dimension.name | with_article }} on a day is what its version of that day holds.
SELECT
    SUM(CASE WHEN v.{{ dimension.name }}_sk IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ star.name }}.{{ dimension.name }}_observations AS o
LEFT JOIN {{ table }} AS v
    ON
        o.{{ dimension.key }} = v.{{ dimension.key }}
        AND o.row_hash = v.row_hash
        AND o.observed_on >= v.valid_from
        AND o.observed_on < v.valid_to
WHERE o.observed_on BETWEEN v_from AND v_to
