-- severity: HIGH
-- description: Every {{ fact.name }} refers to members that the run staged, or to none.
SELECT
    SUM(
        CASE
            WHEN l.{{ fact.key }} IS NULL THEN 1
{% for reference in fact.references %}
            WHEN l.{{ reference.id }} IS NOT NULL AND {{ reference.name }}.{{ reference.target }}_id IS NULL THEN 1
{% endfor %}
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ table }} AS l
{% for reference in fact.references %}
LEFT JOIN staging.{{ star.name }}_{{ star.dimension(reference.target).curated }} AS {{ reference.name }}
    ON l.{{ reference.id }} = {{ reference.name }}.{{ reference.target }}_id AND {{ reference.name }}.run_id = p_run_id
{% endfor %}
WHERE l.run_id = p_run_id
