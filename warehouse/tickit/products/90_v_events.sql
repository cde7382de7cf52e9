-- Which events are there, when, and in what category? One row per event, for filters and labels.
-- Sales and listings of events that the source does not have are not in it: keep their rows with a LEFT JOIN.
-- event_name: Name as sent; shared by the events of a tour
-- event_label: Name and day; show it, but group by the number
-- weekday_label: Weekday of the event that sorts by the week, such as 5 Friday
-- category_name: Short name of the category; Unknown if it is unknown
-- category_group: Sports, Shows, Concerts or Unknown
CREATE VIEW tickit.v_events AS
SELECT
    e.event_id,
    e.name AS event_name,
    {{ event_label("e") }} AS event_label,
    e.event_date,
    e.start_local_at,
    d.weekday_sort,
    {{ weekday_label("d") }} AS weekday_label,
    e.category_id,
    COALESCE(c.category_group, CAST('Unknown' AS VARCHAR(10))) AS category_group,
    COALESCE(c.name, CAST('Unknown' AS VARCHAR(10))) AS category_name,
    e.venue_id
FROM tickit.dim_event AS e
INNER JOIN common.dim_date AS d ON e.event_date_key = d.date_key
LEFT JOIN tickit.dim_category AS c ON e.category_id = c.category_id
WHERE e.event_sk <> 0;
