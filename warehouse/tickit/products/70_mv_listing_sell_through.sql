-- What share of the tickets offered was sold, how fast, and for how much?
-- One row per event and month of the listing. Counts and money add up over events, categories and months. Shares and
-- averages do not: divide the sums instead (SUM(tickets_sold) / SUM(tickets_listed)). Sales of unknown listings are
-- excluded, because the number of tickets offered is unknown. Money is in US dollars.
-- event_name: Name of the event as sent
-- event_label: Name and day of the event
-- venue_label: Name and city of the venue
-- venue_state: State or province of the venue
-- category_name: Short name of the category
-- listed_year: Year of the listing; null for an unknown date
-- listed_quarter: Quarter of the listing, 1 to 4; null for an unknown date
-- listed_month: Month of the listing, 1 to 12; null for an unknown date
-- listed_year_month: Month of the listing as YYYY-MM; Unknown for an unknown date
-- listed_year_quarter: Quarter of the listing, such as 2008-Q1; Unknown for an unknown date
-- listed_month_start: First day of the month of the listing; null for an unknown date
-- listings: Number of listings
-- listings_sold_out: Listings whose tickets were all sold
-- listings_unsold: Listings without a ticket sold
-- tickets_listed: Number of tickets offered
-- tickets_sold: Number of those tickets that were sold
-- tickets_sold_in_week: Tickets sold within 7 days of the day of their listing
-- tickets_sold_in_month: Tickets sold within 30 days of the day of their listing
-- sell_through: Tickets sold as a share of the tickets offered, 0 to 1
-- average_days_to_sale: Average days from listing to sale, over the tickets sold; null if none was sold
-- value_listed: Price of all tickets offered
-- revenue: Price paid for the tickets sold
-- commission: Share of the revenue that the marketplace keeps
CREATE MATERIALIZED VIEW tickit.mv_listing_sell_through
BACKUP NO
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (event_id)
AUTO REFRESH NO
AS
SELECT
    l.event_id,
    e.name AS event_name,
    e.event_date,
    c.category_group,
    c.name AS category_name,
    d.year AS listed_year,
    d.quarter AS listed_quarter,
    d.month AS listed_month,
    d.year_month AS listed_year_month,
    COUNT(*) AS listings,
    SUM(CASE WHEN s.tickets >= l.ticket_count THEN 1 ELSE 0 END) AS listings_sold_out,
    SUM(CASE WHEN s.tickets > 0 THEN 0 ELSE 1 END) AS listings_unsold,
    SUM(l.ticket_count) AS tickets_listed,
    CAST(COALESCE(SUM(s.tickets), 0) AS BIGINT) AS tickets_sold,
    CAST(COALESCE(SUM(s.tickets_in_week), 0) AS BIGINT) AS tickets_sold_in_week,
    CAST(COALESCE(SUM(s.tickets_in_month), 0) AS BIGINT) AS tickets_sold_in_month,
    CAST(CAST(COALESCE(SUM(s.tickets), 0) AS DECIMAL(18, 4)) / NULLIF(SUM(l.ticket_count), 0) AS DECIMAL(9, 4))
        AS sell_through,
    CAST(CAST(SUM(s.ticket_days) AS DECIMAL(18, 4)) / NULLIF(SUM(s.dated_tickets), 0) AS DECIMAL(9, 2))
        AS average_days_to_sale,
    CAST(SUM(l.total_price) AS DECIMAL(18, 2)) AS value_listed,
    CAST(COALESCE(SUM(s.revenue), 0) AS DECIMAL(18, 2)) AS revenue,
    CAST(COALESCE(SUM(s.commission), 0) AS DECIMAL(18, 2)) AS commission,
    {{ event_label("e") }} AS event_label,
    c.category_id,
    l.venue_id,
    {{ venue_label("v", 140) }} AS venue_label,
    v.state AS venue_state,
    {{ year_quarter("d") }} AS listed_year_quarter,
    MIN(CAST(DATE_TRUNC('month', d.date) AS DATE)) AS listed_month_start
FROM tickit.fact_listings AS l
INNER JOIN tickit.dim_event AS e ON l.event_sk = e.event_sk
INNER JOIN tickit.dim_category AS c ON l.category_sk = c.category_sk
INNER JOIN tickit.dim_venue AS v ON l.venue_sk = v.venue_sk
INNER JOIN common.dim_date AS d ON l.listing_date_key = d.date_key
LEFT JOIN (
    SELECT
        listing_id,
        SUM(quantity_sold) AS tickets,
        SUM(CASE WHEN days_listed <= 7 THEN quantity_sold ELSE 0 END) AS tickets_in_week,
        SUM(CASE WHEN days_listed <= 30 THEN quantity_sold ELSE 0 END) AS tickets_in_month,
        SUM(days_listed * quantity_sold) AS ticket_days,
        SUM(CASE WHEN days_listed IS NOT NULL THEN quantity_sold END) AS dated_tickets,
        SUM(price_paid) AS revenue,
        SUM(commission) AS commission
    FROM (
        SELECT
            f.listing_id,
            f.quantity_sold,
            f.price_paid,
            f.commission,
            sd.date - ld.date AS days_listed
        FROM tickit.fact_sales AS f
        INNER JOIN tickit.fact_listings AS fl ON f.listing_id = fl.listing_id
        INNER JOIN common.dim_date AS ld ON fl.listing_date_key = ld.date_key
        INNER JOIN common.dim_date AS sd ON f.sale_date_key = sd.date_key
    ) AS dated
    GROUP BY listing_id
) AS s ON l.listing_id = s.listing_id
GROUP BY
    l.event_id,
    e.name,
    e.event_date,
    c.category_id,
    c.category_group,
    c.name,
    l.venue_id,
    v.venue_id,
    v.name,
    v.city,
    v.state,
    d.year,
    d.quarter,
    d.month,
    d.year_month;
