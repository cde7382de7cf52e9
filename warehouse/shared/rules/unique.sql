-- description: No {{ name.removesuffix("_keys_unique") | replace("_", " ") }} is staged twice in a run.
SELECT
{% if columns | length == 1 and not is_nullable %}
    COUNT(*) - COUNT(DISTINCT {{ columns[0] }}) AS failed_rows,
    COUNT(*) AS total_rows
FROM {{ table }}
WHERE run_id = p_run_id
{% else %}
    SUM(copies - 1) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM {{ table }}
    WHERE run_id = p_run_id
    GROUP BY {{ columns | join(", ") }}
) AS counted
{% endif %}
