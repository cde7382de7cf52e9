"""A day that is loaded after later ones yields the same withdrawn events as if it had been loaded in time."""

from __future__ import annotations

from datetime import date, timedelta

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day, load

D1, D2, D3 = (date(2026, 12, day) for day in (1, 2, 3))
ALWAYS = [f"always {number}" for number in range(4)]


def observe(redshift: DirectRedshift, on: date, *event_ids: str, days: int = 30, observation: int = 1) -> None:
    events = [{"event_id": event_id, "venue_id": "V"} for event_id in (*ALWAYS, *event_ids)]
    load(redshift, Day(on, events, [{"venue_id": "V"}], to=on + timedelta(days=days)), observation)


def withdrawn(redshift: DirectRedshift) -> dict[str, date]:
    rows = redshift.execute(
        "SELECT event_id, withdrawn_on FROM ticketmaster.fact_events WHERE withdrawn_on IS NOT NULL"
    )
    return {row["event_id"]: row["withdrawn_on"] for row in rows}


def test_the_first_day_without_an_event_withdraws_it_though_it_is_loaded_last(redshift: DirectRedshift) -> None:
    observe(redshift, D1, "missing from the second day", "missing from the third day")
    observe(redshift, D3)
    assert withdrawn(redshift) == dict.fromkeys(["missing from the second day", "missing from the third day"], D3)
    observe(redshift, D2, "missing from the third day")
    assert withdrawn(redshift) == {"missing from the second day": D2, "missing from the third day": D3}


def test_a_second_look_that_does_not_reach_as_far_takes_a_withdrawal_back(redshift: DirectRedshift) -> None:
    observe(redshift, D1, "missing")
    observe(redshift, D2)
    assert withdrawn(redshift) == {"missing": D2}
    observe(redshift, D2, days=1, observation=2)
    assert withdrawn(redshift) == {}
