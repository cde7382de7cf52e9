"""The star is a function of what was observed: the order of loading, repeats and refetches leave no trace."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse.days import Day, load
from tests.warehouse.oracle import actual, expected, whole

DATES = [date(2026, 11, day) for day in (20, 21, 22, 25)]
VENUES, ATTRACTIONS, CLASSES, MARKETS = ("V1", "V2"), ("A1", "A2"), ("C1", "C2"), ("11", "27")

# On every day, so that no day is too small, compared with another, to be published.
LASTING = [
    {"event_id": f"L{n}", "status": "onsale", "start_date": None, "attractions": [], "classifications": []}
    | dict.fromkeys(("venue_id", "attraction_id", "classification_id", "market_id"))
    for n in range(3)
]

_names = st.sampled_from(["Hall", "Arena"])
_counts = st.sampled_from([None, 1, 2])
_pages = st.sampled_from(["https://t.com", "https://t.cz", None])


@st.composite
def _days(draw: st.DrawFn) -> Day:
    """A small day: any of two venues, attractions, classifications, markets, and of three events."""

    def some(keys: tuple[str, ...]) -> list[str]:
        return [key for key in keys if draw(st.booleans())]

    venues = [
        {
            "venue_id": key,
            "name": draw(_names),
            "market_ids": draw(st.sampled_from(["11,27", None])),
            "upcoming_events": draw(_counts),
            "url": draw(_pages),
        }
        for key in some(VENUES)
    ]
    attractions = [
        {"attraction_id": key, "name": draw(_names), "upcoming_events": draw(_counts), "url": draw(_pages)}
        for key in some(ATTRACTIONS)
    ]
    classes = [{"classification_id": key, "segment_name": draw(_names)} for key in some(CLASSES)]
    markets = [{"market_id": key, "name": draw(_names)} for key in some(MARKETS)]
    events = [_event(draw, key, some) for key in some(("E1", "E2", "E3"))]
    on, window_ends = (
        draw(st.sampled_from(DATES)),
        draw(st.sampled_from([None, date(2026, 11, 25), date(2026, 12, 20)])),
    )
    return Day(on, [*events, *LASTING], venues, attractions, classes, markets, window_ends)


def _event(draw: st.DrawFn, key: str, some: Any) -> dict[str, Any]:
    return {
        "event_id": key,
        "start_date": draw(st.sampled_from([None, *DATES, date(2026, 11, 23), date(2026, 12, 18), date(2026, 12, 19)])),
        "status": draw(st.sampled_from(["onsale", "cancelled"])),
        "price_min": draw(st.sampled_from([None, Decimal("9.50"), Decimal("12")])),
        "venue_id": draw(st.sampled_from([None, *VENUES])),
        "attraction_id": draw(st.sampled_from([None, *ATTRACTIONS])),
        "classification_id": draw(st.sampled_from([None, *CLASSES])),
        "market_id": draw(st.sampled_from([None, *MARKETS])),
        "attractions": some(ATTRACTIONS),
        "classifications": some(CLASSES),
    }


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(days=st.lists(_days(), min_size=4, max_size=6))
def test_any_sequence_gives_the_star_of_what_was_last_observed(redshift: DirectRedshift, days: list[Day]) -> None:
    empty(redshift)
    for observation, day in enumerate(days, 1):
        load(redshift, day, observation)
        assert actual(redshift) == expected(list({known.on: known for known in days[:observation]}.values()))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    days=st.lists(_days(), min_size=2, max_size=4, unique_by=lambda day: day.on),
    wrong=_days(),
    order=st.randoms(use_true_random=False),
)
def test_forward_backward_shuffled_and_three_times_over_are_the_same_star(
    redshift: DirectRedshift, days: list[Day], wrong: Day, order: Any
) -> None:
    """Whole tables are compared; the last order first observes a day as something else, and then again as it is."""
    forward = [(day, 1) for day in sorted(days, key=lambda day: day.on)]
    thrice = [*days * 3]
    order.shuffle(thrice)
    mistaken = [(Day(**{**vars(wrong), "on": days[0].on}), 1), *forward[::-1], (days[0], 2)]
    stars = []
    for sequence in (forward, forward[::-1], [(day, 1) for day in thrice], mistaken):
        empty(redshift)
        for day, observation in sequence:
            load(redshift, day, observation)
        stars.append(whole(redshift))

    assert stars[1] == stars[0], "backward"
    assert stars[2] == stars[0], "shuffled, three times over"
    assert stars[3] == stars[0], "observed again in between"
