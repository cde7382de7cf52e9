{%- macro sums() %}
        COUNT(*) AS row_count,
{% for column in columns %}
        COALESCE(SUM({{ column }}), 0) AS {{ column }}{{ "" if loop.last else "," }}
{% endfor %}
{%- endmacro %}
-- description: The {{ fact.curated }} of the star are those that the run staged: as many, with the same sums of tickets, money and numbers. A day before the newest published leaves the star as it was.
SELECT
    CASE
        WHEN newer.runs > 0 THEN 0
        ELSE
            ABS(f.row_count - s.row_count)
            + CASE
{% for column in columns %}
                WHEN f.{{ column }} <> s.{{ column }} THEN 1
{% endfor %}
                ELSE 0
            END
    END AS failed_rows,
    s.row_count AS total_rows
FROM (
    SELECT
{{ sums() }}
    FROM {{ table }}
) AS f
CROSS JOIN (
    SELECT
{{ sums() }}
    FROM staging.{{ star.name }}_{{ fact.curated }}
    WHERE run_id = p_run_id
) AS s
CROSS JOIN (
    SELECT COUNT(*) AS runs FROM etl.runs
    WHERE pipeline = '{{ star.pipeline }}' AND published_at IS NOT NULL AND business_date > v_day
) AS newer
