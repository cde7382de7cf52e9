-- How much revenue did each event bring?
-- One row per event with a sale; the sums are the facts' totals. Sales of events at unknown venues are included with
-- the number of the venue, and sales of unknown events with the number of the event. Events without a sale are in
-- mv_listing_sell_through, if tickets were offered. Money is in US dollars.
-- event_name: Name of the event as sent
-- event_label: Name and day of the event
-- venue_label: Name and city of the venue
-- venue_name: Name of the venue; not unique
-- category_name: Short name of the category
-- sales: Number of sales
-- tickets: Number of tickets sold
-- revenue: Price paid for the tickets
-- commission: Share of the revenue that the marketplace keeps
-- average_price: Average price paid per ticket
CREATE MATERIALIZED VIEW tickit.mv_sales_by_event
BACKUP NO
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (event_id)
AUTO REFRESH NO
AS
SELECT
    f.event_id,
    e.name AS event_name,
    e.event_date,
    c.category_group,
    c.name AS category_name,
    f.venue_id,
    v.name AS venue_name,
    v.city,
    v.state,
    v.country,
    COUNT(*) AS sales,
    SUM(f.quantity_sold) AS tickets,
    CAST(SUM(f.price_paid) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(f.commission) AS DECIMAL(18, 2)) AS commission,
    CAST(SUM(f.price_paid) / NULLIF(SUM(f.quantity_sold), 0) AS DECIMAL(12, 2)) AS average_price,
    {{ event_label("e") }} AS event_label,
    {{ venue_label("v", 140) }} AS venue_label,
    c.category_id
FROM tickit.fact_sales AS f
INNER JOIN tickit.dim_event AS e ON f.event_sk = e.event_sk
INNER JOIN tickit.dim_category AS c ON f.category_sk = c.category_sk
INNER JOIN tickit.dim_venue AS v ON f.venue_sk = v.venue_sk
GROUP BY
    f.event_id,
    e.name,
    e.event_date,
    c.category_id,
    c.category_group,
    c.name,
    f.venue_id,
    v.venue_id,
    v.name,
    v.city,
    v.state,
    v.country;
