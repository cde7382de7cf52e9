-- Which sellers sold the most tickets, and which had the most revenue?
-- One row per user who sold tickets, including unknown users; the sums are the facts' totals. Both ranks include all
-- sales. Money is in US dollars.
-- tickets_rank: 1 for the most tickets; sellers with the same number share a rank
-- revenue_rank: 1 for the most revenue; sellers with the same revenue share a rank
-- seller_label: Number, city and state of the seller
-- city: City of the seller; in the published files it does not match the state
-- state: State or province of the seller; null if the seller is unknown
-- sales: Number of sales
-- tickets: Number of tickets sold
-- revenue: Price paid for the tickets
-- commission: Share of the revenue that the marketplace keeps
CREATE MATERIALIZED VIEW tickit.mv_sellers
BACKUP NO
DISTSTYLE KEY
DISTKEY (seller_id)
SORTKEY (tickets_rank)
AUTO REFRESH NO
AS
SELECT
    RANK() OVER (ORDER BY tickets DESC) AS tickets_rank,
    RANK() OVER (ORDER BY revenue DESC) AS revenue_rank,
    seller_id,
    city,
    state,
    sales,
    tickets,
    revenue,
    commission,
    seller_label
FROM (
    SELECT
        f.seller_id,
        u.city,
        u.state,
        COUNT(*) AS sales,
        SUM(f.quantity_sold) AS tickets,
        CAST(SUM(f.price_paid) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(f.commission) AS DECIMAL(18, 2)) AS commission,
        {{ user_label("Seller", "f.seller_id", "u") }} AS seller_label
    FROM tickit.fact_sales AS f
    INNER JOIN tickit.dim_user AS u ON f.seller_sk = u.user_sk
    GROUP BY f.seller_id, u.city, u.state
) AS sold;
