-- name: event_classification_known
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- description: A classification that an event names is staged or known.
SELECT
    SUM(
        CASE
            WHEN
                e.classification_id IS NOT NULL AND s.classification_id IS NULL AND d.classification_id IS NULL
                THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events AS e
LEFT JOIN
    (SELECT DISTINCT classification_id FROM staging.ticketmaster_classifications WHERE run_id = p_run_id) AS s
    ON e.classification_id = s.classification_id
LEFT JOIN
    (SELECT DISTINCT classification_id FROM ticketmaster.dim_classification) AS d
    ON e.classification_id = d.classification_id
WHERE e.run_id = p_run_id
