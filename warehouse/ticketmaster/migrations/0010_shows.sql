-- What an event is, and which event stands for its show: several listings may be of one show.
ALTER TABLE ticketmaster.fact_event_snapshots ADD COLUMN inventory_kind VARCHAR(256) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_event_snapshots ADD COLUMN show_of VARCHAR(256) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_events ADD COLUMN inventory_kind VARCHAR(256) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_events ADD COLUMN show_of VARCHAR(256) ENCODE ZSTD;

-- Days loaded before were decided event by event: they keep that until they are built again from the lake.
UPDATE ticketmaster.fact_event_snapshots
SET
    inventory_kind = CASE
        WHEN is_show THEN 'show'
        WHEN non_show_reason IN ('parking', 'suite', 'deposit', 'voucher', 'merchandise', 'transportation')
            THEN non_show_reason
        WHEN non_show_reason = 'travel_package' THEN 'package'
        WHEN non_show_reason IN ('season_pass', 'membership') THEN 'season'
        WHEN non_show_reason = 'guest_pass' THEN 'pass'
        WHEN non_show_reason = 'donation' THEN 'deposit'
        WHEN non_show_reason IN ('upsell', 'storage') THEN 'add_on'
        ELSE 'administrative'
    END,
    show_of = CASE WHEN is_show THEN event_id END;
UPDATE ticketmaster.fact_events
SET
    inventory_kind = CASE
        WHEN is_show THEN 'show'
        WHEN non_show_reason IN ('parking', 'suite', 'deposit', 'voucher', 'merchandise', 'transportation')
            THEN non_show_reason
        WHEN non_show_reason = 'travel_package' THEN 'package'
        WHEN non_show_reason IN ('season_pass', 'membership') THEN 'season'
        WHEN non_show_reason = 'guest_pass' THEN 'pass'
        WHEN non_show_reason = 'donation' THEN 'deposit'
        WHEN non_show_reason IN ('upsell', 'storage') THEN 'add_on'
        ELSE 'administrative'
    END,
    show_of = CASE WHEN is_show THEN event_id END;
