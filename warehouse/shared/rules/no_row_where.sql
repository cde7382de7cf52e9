-- severity: HIGH
SELECT
    SUM(CASE WHEN {{ condition }} THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ table }} AS {{ row }}
{% if other %}
INNER JOIN staging.{{ star.name }}_{{ other }} AS {{ other }}
    ON {{ row }}.{{ key }} = {{ other }}.{{ key }} AND {{ other }}.run_id = p_run_id
{% endif %}
WHERE {{ row }}.run_id = p_run_id
