"""The events that a day should show, according to the star. The run fetches missing ones by id."""

from __future__ import annotations

from datetime import date

from aws_services.redshift_data import RedshiftData
from warehouse.ticketmaster.conditions import is_due


def expected_events(redshift: RedshiftData, day: date, observed_to: date) -> dict[str | None, list[str]]:
    """Ids of the events that the previous observed day showed and this day should show again, by country of the venue.

    If the day does not show such an event, `sp_mark_withdrawn_events` marks it as withdrawn. The key for an unknown
    country is None.

    Args:
        redshift: the warehouse.
        day: the business date.
        observed_to: the end of its observation window, exclusive.
    """
    rows = redshift.execute(
        "SELECT s.event_id, v.country_code FROM ticketmaster.fact_event_snapshots AS s "
        "INNER JOIN ticketmaster.dim_venue AS v ON s.venue_sk = v.venue_sk "
        "INNER JOIN (SELECT MAX(observed_on) AS observed_on FROM ticketmaster.observed_days "
        "WHERE observed_on < CAST(:day AS DATE)) AS before ON s.observed_on = before.observed_on "
        f"WHERE {is_due('s', 'CAST(:day AS DATE)', 'CAST(:observed_to AS DATE)')}",
        {"day": day, "observed_to": observed_to},
    )
    expected: dict[str | None, list[str]] = {}
    for row in rows:
        country = row["country_code"]
        expected.setdefault(None if country is None else str(country), []).append(str(row["event_id"]))
    return expected
