SELECT
    SUM(
        CASE
{% for column in columns %}
            WHEN {{ column }}_found.{{ "date_key" if column.endswith("_date_key") else column }} IS NULL THEN 1
{% endfor %}
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ table }} AS f
{% for column in columns %}
{% if column.endswith("_date_key") %}
LEFT JOIN common.dim_date AS {{ column }}_found ON f.{{ column }} + 0 = {{ column }}_found.date_key
{% else %}
LEFT JOIN {{ star.name }}.dim_{{ column.removesuffix("_sk") }} AS {{ column }}_found ON f.{{ column }} + 0 = {{ column }}_found.{{ column }}
{% endif %}
{% endfor %}
{% if observed %}
WHERE f.{{ observed }} BETWEEN v_from AND v_to
{% endif %}
