-- description: The grain of {{ table.split(".")[1] }} is the {{ name.split("_one_row_per_")[1] }}.
SELECT
    SUM(copies - 1) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM {{ table }}
{% if observed %}
    WHERE {{ observed }} BETWEEN v_from AND v_to
{% endif %}
    GROUP BY {{ grain | join(", ") }}
) AS counted
