-- name: bridge_event_classification_keys_resolve
-- severity: CRITICAL
-- table: ticketmaster.bridge_event_classification
-- phase: star
-- description: Every key of the bridge is in its dimension.
SELECT
    SUM(CASE WHEN d0.classification_sk IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.bridge_event_classification AS f
LEFT JOIN ticketmaster.dim_classification AS d0 ON f.classification_sk + 0 = d0.classification_sk
