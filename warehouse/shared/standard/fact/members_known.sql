-- name: {{ one.name }}_members_known
-- severity: HIGH
-- table: staging.{{ star.name }}_{{ one.curated }}
-- phase: staged
-- description: Every {{ one.name }} refers to members that the run staged, or to none.
SELECT
    SUM(
        CASE
            WHEN l.{{ one.key }} IS NULL THEN 1
{% for name in one.of %}
            WHEN l.{{ name }}_id IS NOT NULL AND {{ name }}.{{ name }}_id IS NULL THEN 1
{% endfor %}
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.{{ star.name }}_{{ one.curated }} AS l
{% for dimension in star.dimensions if dimension.name in one.of %}
LEFT JOIN staging.{{ star.name }}_{{ dimension.curated }} AS {{ dimension.name }}
    ON l.{{ dimension.key }} = {{ dimension.name }}.{{ dimension.key }} AND {{ dimension.name }}.run_id = p_run_id
{% endfor %}
WHERE l.run_id = p_run_id
