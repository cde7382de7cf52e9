{%- macro is_staged(column) -%}
EXISTS (
            SELECT 1 FROM staging.{{ star.name }}_{{ referred }} AS d
            WHERE d.run_id = p_run_id AND d.{{ key or column }} = f.{{ column }}
        )
{%- endmacro %}
-- severity: HIGH
SELECT
    {{ columns | map("affixed", "without_", ".row_count") | join(" + ") }} AS failed_rows,
    counted.row_count AS total_rows
FROM (SELECT COUNT(*) AS row_count FROM {{ table }} WHERE run_id = p_run_id) AS counted
{% for column in columns %}
CROSS JOIN (
    SELECT COUNT(*) AS row_count
    FROM {{ table }} AS f
    WHERE
        f.run_id = p_run_id
{% if is_optional %}
        AND f.{{ column }} IS NOT NULL
{% endif %}
        AND NOT {{ is_staged(column) }}
{% if or_in %}
        AND NOT EXISTS (SELECT 1 FROM {{ star.name }}.{{ or_in }} AS s WHERE s.{{ key or column }} = f.{{ column }})
{% endif %}
{% for counted_column in columns[:loop.index0] %}
        -- A row counts once, however many of its references are unknown.
        AND {{ is_staged(counted_column) }}
{% endfor %}
) AS without_{{ column }}
{% endfor %}
