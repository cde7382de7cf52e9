SELECT
    SUM(
        CASE
            WHEN f.{{ fact.key }} IS NULL THEN 1
{% for reference, column in fact.carried %}
{% if column.endswith("_date_key") %}
            WHEN f.{{ column }} <> {{ reference.name }}.{{ column }} THEN 1
{% else %}
            WHEN f.{{ column }} <> {{ reference.name }}.{{ column }} THEN 1
            WHEN (f.{{ column }} IS NULL) <> ({{ reference.name }}.{{ column }} IS NULL) THEN 1
{% endif %}
{% endfor %}
{% for reference in fact.references if reference.id not in fact.published %}
            WHEN f.{{ reference.name }}_sk <> COALESCE({{ reference.name }}.{{ reference.target }}_sk, 0) THEN 1
{% endfor %}
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ table }} AS f
{% for reference in fact.references if reference.carried %}
LEFT JOIN {{ star.name }}.dim_{{ reference.target }} AS {{ reference.name }}
    ON f.{{ reference.name }}_sk + 0 = {{ reference.name }}.{{ reference.target }}_sk
{% endfor %}
{% for reference in fact.references if reference.id not in fact.published %}
LEFT JOIN {{ star.name }}.dim_{{ reference.target }} AS {{ reference.name }}
    ON {{ reference.through }}.{{ reference.id }} = {{ reference.name }}.{{ reference.target }}_id
{% endfor %}
