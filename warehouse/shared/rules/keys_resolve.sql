-- description: Every key is that of the member whose id the row names, and 0 only where there is none; its days are in the calendar.
SELECT
    SUM(
        CASE
            WHEN f.{{ fact.key }} IS NULL THEN 1
{% for reference in fact.references %}
{% if reference.id in fact.published %}
            WHEN COALESCE({{ reference.name }}.{{ reference.target }}_sk, 0) <> f.{{ reference.name }}_sk THEN 1
{% else %}
            WHEN {{ reference.name }}.{{ reference.target }}_sk IS NULL THEN 1
{% endif %}
{% endfor %}
{% for key in fact.days %}
            WHEN {{ key }}_day.date_key IS NULL THEN 1
{% endfor %}
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ table }} AS f
{% for reference in fact.references %}
LEFT JOIN {{ star.name }}.dim_{{ reference.target }} AS {{ reference.name }}
{% if reference.id in fact.published %}
    ON f.{{ reference.id }} = {{ reference.name }}.{{ reference.target }}_id
{% else %}
    ON f.{{ reference.name }}_sk + 0 = {{ reference.name }}.{{ reference.target }}_sk
{% endif %}
{% endfor %}
{% for key in fact.days %}
LEFT JOIN common.dim_date AS {{ key }}_day ON f.{{ key }} + 0 = {{ key }}_day.date_key
{% endfor %}
