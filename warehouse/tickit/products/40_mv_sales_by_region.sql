-- Which states sell, buy and host the most, and which bring the most commission?
-- One row per kind of region, state, month of the sale and category. There are three kinds: the state of the seller, of
-- the buyer and of the venue. Each kind includes every sale once: select one (WHERE region_of = 'venue') before you add
-- up, and the sums are the facts' totals. Sales with an unknown user, venue or state are in the state Unknown. Money is
-- in US dollars.
-- region_of: Party whose state it is: seller, buyer or venue
-- state: State or province; Unknown if there is none
-- country: Country of the venue's state, ISO 3166-1 alpha-2; null for sellers and buyers, whose country is not known
-- year: Year of the sales; null for an unknown date
-- quarter: Quarter of the sales, 1 to 4; null for an unknown date
-- month: Month of the sales, 1 to 12; null for an unknown date
-- year_month: Month of the sales as YYYY-MM; Unknown for an unknown date
-- year_quarter: Quarter of the sales, such as 2008-Q1; Unknown for an unknown date
-- month_start: First day of the month of the sales; null for an unknown date
-- category_id: Number of the category; null if it is unknown
-- category_group: Sports, Shows, Concerts or Unknown
-- category_name: Short name of the category; Unknown if the event's category is unknown
-- sales: Number of sales
-- tickets: Number of tickets sold
-- revenue: Price paid for the tickets
-- commission: Share of the revenue that the marketplace keeps
CREATE MATERIALIZED VIEW tickit.mv_sales_by_region
BACKUP NO
DISTSTYLE ALL
SORTKEY (region_of, state)
AUTO REFRESH NO
AS
SELECT
    p.region_of,
    CAST(COALESCE(p.state, 'Unknown') AS VARCHAR(7)) AS state,
    p.country,
    d.year,
    d.quarter,
    d.month,
    d.year_month,
    c.category_id,
    c.category_group,
    c.name AS category_name,
    CAST(SUM(p.sales) AS BIGINT) AS sales,
    CAST(SUM(p.tickets) AS BIGINT) AS tickets,
    CAST(SUM(p.revenue) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(p.commission) AS DECIMAL(18, 2)) AS commission,
    {{ year_quarter("d") }} AS year_quarter,
    MIN(CAST(DATE_TRUNC('month', d.date) AS DATE)) AS month_start
FROM (
    SELECT
        CAST('seller' AS VARCHAR(6)) AS region_of,
        r.state,
        CAST(NULL AS VARCHAR(2)) AS country,
        f.sale_date_key,
        f.category_sk,
        COUNT(*) AS sales,
        SUM(f.quantity_sold) AS tickets,
        SUM(f.price_paid) AS revenue,
        SUM(f.commission) AS commission
    FROM tickit.fact_sales AS f
    INNER JOIN tickit.dim_user AS r ON f.seller_sk = r.user_sk
    GROUP BY r.state, f.sale_date_key, f.category_sk
    UNION ALL
    SELECT
        CAST('buyer' AS VARCHAR(6)) AS region_of,
        r.state,
        CAST(NULL AS VARCHAR(2)) AS country,
        f.sale_date_key,
        f.category_sk,
        COUNT(*) AS sales,
        SUM(f.quantity_sold) AS tickets,
        SUM(f.price_paid) AS revenue,
        SUM(f.commission) AS commission
    FROM tickit.fact_sales AS f
    INNER JOIN tickit.dim_user AS r ON f.buyer_sk = r.user_sk
    GROUP BY r.state, f.sale_date_key, f.category_sk
    UNION ALL
    SELECT
        CAST('venue' AS VARCHAR(6)) AS region_of,
        r.state,
        r.country,
        f.sale_date_key,
        f.category_sk,
        COUNT(*) AS sales,
        SUM(f.quantity_sold) AS tickets,
        SUM(f.price_paid) AS revenue,
        SUM(f.commission) AS commission
    FROM tickit.fact_sales AS f
    INNER JOIN tickit.dim_venue AS r ON f.venue_sk = r.venue_sk
    GROUP BY r.state, r.country, f.sale_date_key, f.category_sk
) AS p
INNER JOIN common.dim_date AS d ON p.sale_date_key = d.date_key
INNER JOIN tickit.dim_category AS c ON p.category_sk = c.category_sk
GROUP BY
    p.region_of, p.state, p.country, d.year, d.quarter, d.month, d.year_month, c.category_id, c.category_group, c.name;
