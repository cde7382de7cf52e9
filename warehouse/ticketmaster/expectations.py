"""Which events a day should show, as far as the star knows: what is missing among them is asked for by id."""

from __future__ import annotations

from datetime import date

from aws_services.redshift_data import RedshiftData
from warehouse.ticketmaster.conditions import is_due


def expected_events(redshift: RedshiftData, day: date, observed_to: date) -> dict[str | None, list[str]]:
    """Ids of the events that the day before showed and that a day should show again, by country of their venue.

    Those are the events that `sp_mark_withdrawn_events` calls withdrawn when the day does not show them. The key of
    those in an unknown country is None.

    Args:
        redshift: the warehouse.
        day: the business date.
        observed_to: the day on which its observation window ends, exclusive.
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
