-- Which states sell, buy and stage most, and which bring most commission?
-- One row per kind of region, state, month of the sale and category. There are three kinds: the seller's, the buyer's
-- and the venue's state. Each of them has all sales, once: choose one (WHERE region_of = 'venue') before adding up, and
-- the sums are the facts' totals. Sales whose user or venue, or its state, is unknown are the state Unknown. Money is in
-- US dollars.
-- region_of: Whose state it is: seller, buyer or venue
-- state: State or province; Unknown when there is none
-- country: Country of the venue's state, ISO 3166-1 alpha-2; null for sellers and buyers, whose country is not known
-- year: Year of the sales; null for an unknown date
-- quarter: Quarter of the sales, 1 to 4; null for an unknown date
-- month: Month of the sales, 1 to 12; null for an unknown date
-- year_month: Month of the sales as YYYY-MM; Unknown for an unknown date
-- category_id: Number of the category; null when it is unknown
-- category_group: Sports, Shows or Concerts; Unknown
-- category_name: Short name of the category; Unknown when the event names none that is known
-- sales: Sales
-- tickets: Tickets sold
-- revenue: Price paid for them
-- commission: The marketplace's share of it
CREATE MATERIALIZED VIEW tickit.mv_sales_by_region
BACKUP NO
DISTSTYLE ALL
SORTKEY (region_of, state)
AUTO REFRESH NO
AS
SELECT
    region_of,
    state,
    country,
    year,
    quarter,
    month,
    year_month,
    category_id,
    category_group,
    category_name,
    COUNT(*) AS sales,
    SUM(quantity_sold) AS tickets,
    CAST(SUM(price_paid) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(commission) AS DECIMAL(18, 2)) AS commission
FROM (
    SELECT
        r.region_of,
        CAST(
            COALESCE(CASE r.region_of WHEN 'seller' THEN s.state WHEN 'buyer' THEN b.state ELSE v.state END, 'Unknown')
            AS VARCHAR(7)
        ) AS state,
        CASE WHEN r.region_of = 'venue' THEN v.country END AS country,
        d.year,
        d.quarter,
        d.month,
        d.year_month,
        c.category_id,
        c.category_group,
        c.name AS category_name,
        f.quantity_sold,
        f.price_paid,
        f.commission
    FROM tickit.fact_sales AS f
    INNER JOIN common.dim_date AS d ON f.sale_date_key = d.date_key
    INNER JOIN tickit.dim_category AS c ON f.category_sk = c.category_sk
    INNER JOIN tickit.dim_user AS s ON f.seller_sk = s.user_sk
    INNER JOIN tickit.dim_user AS b ON f.buyer_sk = b.user_sk
    INNER JOIN tickit.dim_venue AS v ON f.venue_sk = v.venue_sk
    CROSS JOIN (
        SELECT CAST('seller' AS VARCHAR(6)) AS region_of
        UNION ALL
        SELECT 'buyer' AS region_of
        UNION ALL
        SELECT 'venue' AS region_of
    ) AS r
) AS placed
GROUP BY
    region_of, state, country, year, quarter, month, year_month, category_id, category_group, category_name;
