-- name: {{ one.table_name }}_keys_resolve
-- severity: CRITICAL
-- table: {{ star.name }}.{{ one.table_name }}
-- phase: star
-- description: Every key is that of the member whose id the row names, and 0 only where there is none; its days are in the calendar.
SELECT
    SUM(
        CASE
            WHEN f.{{ one.key }} IS NULL THEN 1
{% for name in one.of %}
            WHEN COALESCE({{ name }}.{{ name }}_sk, 0) <> f.{{ name }}_sk THEN 1
{% endfor %}
{% for key in one.days %}
            WHEN {{ key }}_day.date_key IS NULL THEN 1
{% endfor %}
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ star.name }}.{{ one.table_name }} AS f
{% for name in one.of %}
LEFT JOIN {{ star.name }}.dim_{{ name }} AS {{ name }} ON f.{{ name }}_id = {{ name }}.{{ name }}_id
{% endfor %}
{% for key in one.days %}
LEFT JOIN common.dim_date AS {{ key }}_day ON f.{{ key }} + 0 = {{ key }}_day.date_key
{% endfor %}
