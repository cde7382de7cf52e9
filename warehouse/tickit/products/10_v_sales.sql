-- One row per sale with all its details, and names instead of keys: for browsing, and as a start for queries.
-- The view has no personal data: users are numbers, with city and state. Money is in US dollars.
-- All sales are included. If the event, venue, category, listing or user of a sale is unknown, the view has its number,
-- and Unknown or null for its details.
-- year: Year of the sale
-- quarter: Quarter of the sale, 1 to 4
-- month: Month of the sale, 1 to 12
-- year_month: Month of the sale as YYYY-MM; Unknown for an unknown date
-- weekday: Weekday of the sale
-- weekday_sort: 1 for Monday to 7 for Sunday
-- weekday_label: Weekday that sorts by the week, such as 5 Friday
-- year_quarter: Quarter of the sale, such as 2008-Q1; Unknown for an unknown date
-- sale_date: Day of the sale; null if it is unknown
-- days_before_event: Days from the sale to the event
-- days_listed: Days from the listing to the sale
-- listing_date: Day on which the tickets were listed
-- event_name: Name of the event as sent
-- venue_name: Name of the venue; not unique
-- venue_label: Name and city of the venue
-- event_label: Name and day of the event
-- seller_label: Number, city and state of the seller
-- buyer_label: Number, city and state of the buyer
-- venue_city: City of the venue
-- venue_state: State or province of the venue
-- venue_country: Country of the venue, ISO 3166-1 alpha-2
-- venue_seats: Seats of the venue; null if unknown
-- category_name: Short name of the category
-- seller_city: City of the seller; in the published files it does not match the state
-- seller_state: State or province of the seller
-- buyer_city: City of the buyer; in the published files it does not match the state
-- buyer_state: State or province of the buyer
-- tickets_listed: Tickets that the listing offered; null if the listing is unknown
CREATE VIEW tickit.v_sales AS
SELECT
    f.sale_id,
    d.date AS sale_date,
    d.year,
    d.quarter,
    d.month,
    d.year_month,
    d.weekday,
    f.sold_at,
    f.quantity_sold,
    f.price_paid,
    f.commission,
    f.listing_id,
    ld.date AS listing_date,
    l.listed_at,
    l.ticket_count AS tickets_listed,
    l.price_per_ticket,
    CAST(DATEDIFF(DAY, ld.date, d.date) AS BIGINT) AS days_listed,
    f.event_id,
    e.name AS event_name,
    e.event_date,
    e.start_local_at,
    CAST(DATEDIFF(DAY, d.date, e.event_date) AS BIGINT) AS days_before_event,
    c.category_group,
    c.name AS category_name,
    f.venue_id,
    v.name AS venue_name,
    v.city AS venue_city,
    v.state AS venue_state,
    v.country AS venue_country,
    v.seats AS venue_seats,
    f.seller_id,
    s.city AS seller_city,
    s.state AS seller_state,
    f.buyer_id,
    b.city AS buyer_city,
    b.state AS buyer_state,
    f.sale_date_key,
    d.weekday_sort,
    {{ weekday_label("d") }} AS weekday_label,
    {{ year_quarter("d") }} AS year_quarter,
    c.category_id,
    {{ event_label("e") }} AS event_label,
    {{ venue_label("v", 140) }} AS venue_label,
    {{ user_label("Seller", "f.seller_id", "s") }} AS seller_label,
    {{ user_label("Buyer", "f.buyer_id", "b") }} AS buyer_label
FROM tickit.fact_sales AS f
INNER JOIN common.dim_date AS d ON f.sale_date_key = d.date_key
INNER JOIN tickit.dim_event AS e ON f.event_sk = e.event_sk
INNER JOIN tickit.dim_category AS c ON f.category_sk = c.category_sk
INNER JOIN tickit.dim_venue AS v ON f.venue_sk = v.venue_sk
INNER JOIN tickit.dim_user AS s ON f.seller_sk = s.user_sk
INNER JOIN tickit.dim_user AS b ON f.buyer_sk = b.user_sk
LEFT JOIN tickit.fact_listings AS l ON f.listing_id = l.listing_id
LEFT JOIN common.dim_date AS ld ON l.listing_date_key = ld.date_key;
