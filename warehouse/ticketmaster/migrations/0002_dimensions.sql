-- Which version a fact of some day points to: the one valid on that day; a day before the first version takes the
-- first.
CREATE VIEW ticketmaster.v_venue_ranges AS
SELECT
    venue_sk,
    venue_id,
    CASE
        WHEN ROW_NUMBER() OVER (PARTITION BY venue_id ORDER BY valid_from) = 1 THEN CAST('0001-01-01' AS DATE)
        ELSE valid_from
    END AS effective_from,
    valid_to
FROM ticketmaster.dim_venue
WHERE venue_sk <> 0;

CREATE VIEW ticketmaster.v_attraction_ranges AS
SELECT
    attraction_sk,
    attraction_id,
    CASE
        WHEN ROW_NUMBER() OVER (PARTITION BY attraction_id ORDER BY valid_from) = 1 THEN CAST('0001-01-01' AS DATE)
        ELSE valid_from
    END AS effective_from,
    valid_to
FROM ticketmaster.dim_attraction
WHERE attraction_sk <> 0;
