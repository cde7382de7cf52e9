-- description: Of no table are there less than half the rows that readers have, unless the run was told to accept that. A day before the newest published changes nothing for them.
SELECT
    SUM(
        CASE
            WHEN run.accepts_drop OR run.newer > 0 OR compared.staged * 2 >= compared.served THEN 0
            ELSE compared.served - compared.staged
        END
    ) AS failed_rows,
    SUM(compared.served) AS total_rows
FROM (
{% for member in star.members if member.curated not in without %}
    SELECT
        counted.row_count AS staged,
        served.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.{{ star.name }}_{{ member.curated }} WHERE run_id = p_run_id) AS counted
    -- Members have an id, the unknown member has none.
    CROSS JOIN (SELECT COUNT({{ member.key }}) AS row_count FROM {{ star.name }}.{{ member.table_name }}) AS served
    {{- "" if loop.last else "\n    UNION ALL" }}
{% endfor %}
) AS compared
CROSS JOIN (
    SELECT
        BOOL_OR(run_id = p_run_id AND accepts_drop) AS accepts_drop,
        SUM(CASE WHEN published_at IS NOT NULL AND business_date > v_day THEN 1 ELSE 0 END) AS newer
    FROM etl.runs
    WHERE pipeline = '{{ star.pipeline }}'
) AS run
