-- name: event_kind_in_domain
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: The kind of inventory is a documented one, and exactly the shows are marked as shows.
SELECT
    SUM(
        CASE
            WHEN
                inventory_kind IN (
                    'show', 'duplicate_listing', 'suite', 'parking', 'pass', 'package', 'season', 'deposit', 'voucher',
                    'merchandise', 'transportation', 'add_on', 'administrative'
                )
                AND is_show = (inventory_kind = 'show')
                AND is_show = (non_show_reason IS NULL)
                THEN 0
            ELSE 1
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
