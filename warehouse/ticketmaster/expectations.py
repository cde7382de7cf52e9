"""Which events a day should show, as far as the star knows: what is missing among them is asked for by id."""

from __future__ import annotations

from datetime import date

from aws_services.redshift_data import RedshiftData


def expected_events(redshift: RedshiftData, day: date, observed_to: date) -> dict[str, list[str]]:
    """Ids of the events that the day before showed and that a day should show again, by country of their venue.

    Those are the events that `sp_mark_withdrawn_events` calls withdrawn when the day does not show them.

    Args:
        redshift: the warehouse.
        day: the business date.
        observed_to: the day on which its observation window ends, exclusive.
    """
    rows = redshift.execute(
        "SELECT f.event_id, v.country_code FROM ticketmaster.fact_events AS f "
        "INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk "
        "INNER JOIN (SELECT MAX(observed_on) AS observed_on FROM ticketmaster.observed_days "
        "WHERE observed_on < CAST(:day AS DATE)) AS before "
        "ON f.last_seen_on = before.observed_on "
        "WHERE v.country_code IS NOT NULL AND (f.start_date IS NULL OR (f.start_date > CAST(:day AS DATE) "
        "AND COALESCE(f.start_at, DATEADD(HOUR, 36, CAST(f.start_date AS TIMESTAMP))) "
        "< CAST(CAST(:observed_to AS DATE) AS TIMESTAMP)))",
        {"day": day, "observed_to": observed_to},
    )
    expected: dict[str, list[str]] = {}
    for row in rows:
        expected.setdefault(str(row["country_code"]), []).append(str(row["event_id"]))
    return expected
