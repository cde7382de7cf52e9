-- Which sellers sold most tickets, and which for most money?
-- One row per user who sold anything, also one who is not among the users; the sums are the facts' totals. The two ranks
-- are over all sales there are. Money is in US dollars.
-- tickets_rank: 1 for most tickets; sellers with as many share a rank
-- revenue_rank: 1 for most revenue; sellers with as much share a rank
-- city: City of the seller; does not match the state
-- state: State or province of the seller; null when the seller is unknown
-- sales: Sales
-- tickets: Tickets sold
-- revenue: Price paid for them
-- commission: The marketplace's share of it
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
    commission
FROM (
    SELECT
        f.seller_id,
        u.city,
        u.state,
        COUNT(*) AS sales,
        SUM(f.quantity_sold) AS tickets,
        CAST(SUM(f.price_paid) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(f.commission) AS DECIMAL(18, 2)) AS commission
    FROM tickit.fact_sales AS f
    INNER JOIN tickit.dim_user AS u ON f.seller_sk = u.user_sk
    GROUP BY f.seller_id, u.city, u.state
) AS sold;
