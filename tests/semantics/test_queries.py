"""Questions by names: what is typed never becomes SQL, and what cannot be answered is refused with advice."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from semantics.catalog import load
from semantics.conditions import BadCondition, Condition
from semantics.literals import BadValue
from semantics.names import UnknownName
from semantics.queries import BadQuery, Query, sql_of
from semantics.words import condition
from tests.fixtures.warehouse import DirectRedshift
from tests.semantics.worlds import HOSTILE_CITY

CATALOG = load()
_NASTY = st.lists(
    st.sampled_from(
        ["'", "''", "\\", "\\'", "{{", "}}", "{%", "%}", "{#", "--", "/*", "*/", ";", "$$", ":x", "%s", '"', "\n", "ü",
         "{{ Dimension('venue__city') }}", "'value_0_of_condition'", "value_1_of_condition", "OR 1=1", "a", " "]
    ),
    max_size=8,
).map("".join)  # fmt: skip


def count(session: DirectRedshift, *where: Condition) -> int:
    (row,) = session.execute(sql_of(Query(("listed_events",), where=where)))
    return row["listed_events"]


@pytest.fixture(scope="module")
def cities(analyst: DirectRedshift) -> list[str | None]:
    """The city of each event, or None."""
    by_hand = (
        "SELECT v.city FROM ticketmaster.v_events AS e LEFT JOIN ticketmaster.v_venues AS v ON e.venue_id = v.venue_id"
    )
    return [row["city"] for row in analyst.execute(by_hand)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_NASTY | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20))
@example(text=HOSTILE_CITY)
@example(text="'value_0_of_condition'")
def test_a_value_is_compared_as_it_is_and_never_run(
    analyst: DirectRedshift, cities: list[str | None], text: str
) -> None:
    assert count(analyst, Condition("venue__city", "in", (text, "no such city"))) == cities.count(text)
    others = [city for city in cities if city is not None and city != text]
    assert count(analyst, Condition("venue__city", "!=", (text,))) == len(others)


def test_the_hostile_city_of_the_world_is_there(analyst: DirectRedshift) -> None:
    assert count(analyst, Condition("venue__city", "=", (HOSTILE_CITY,))) > 0
    (city,) = {
        row["venue__city"]
        for row in analyst.execute(
            sql_of(Query(("listed_events",), ("venue__city",), (Condition("venue__city", "=", (HOSTILE_CITY,)),)))
        )
    }
    assert city == HOSTILE_CITY


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        ("event__local_hour", "1 OR 1=1"),
        ("event__local_hour", "1e3"),
        ("event__local_hour", "٣"),
        ("event__start_date", "2026-12-05' OR '1'='1"),
        ("event__start_date", "today"),
        ("event__is_on", "1"),
        ("venue__latitude", "NaN"),
        ("venue__latitude", "1e99"),
        ("show__start_local_at", "2026-12-05T19:00+01:00"),
        ("venue__city", "nul\x00"),
        ("venue__city", "x" * 1001),
    ],
)
def test_a_value_of_another_type_is_refused(dimension: str, value: str) -> None:
    metric = "upcoming_events" if dimension.startswith("show") else "events"
    with pytest.raises(BadValue):
        sql_of(Query((metric,), where=(Condition(dimension, "=", (value,)),)))


@pytest.mark.parametrize(
    ("metric", "dimension"),
    [
        ("upcoming_events_change", "show__local_hour"),  # from a venue to its shows
        ("upcoming_events", "event__name"),
        ("upcoming_events", "category__name"),
        ("tickets_listed", "sale__sale_date"),
        ("runs", "run_step__stage"),
    ],
)
def test_a_join_that_multiplies_rows_is_refused(metric: str, dimension: str) -> None:
    with pytest.raises(BadQuery, match="a row would count several times"):
        sql_of(Query((metric,), (dimension,)))
    with pytest.raises(BadQuery, match="a row would count several times"):
        sql_of(Query((metric,), where=(Condition(dimension, "is not null"),)))


def test_metricflow_refuses_it_too() -> None:
    from metricflow_semantics.errors.error_classes import InvalidQueryException

    from semantics.engine import explain

    with pytest.raises(InvalidQueryException):
        explain(("upcoming_events_change",), ("show__local_hour",), (), CATALOG)


def test_names_are_checked_and_nearest_ones_suggested() -> None:
    with pytest.raises(UnknownName, match="Did you mean events"):
        sql_of(Query(("event",)))
    with pytest.raises(UnknownName, match="Did you mean venue__city"):
        sql_of(Query(("events",), ("venue__citty",)))
    with pytest.raises(UnknownName, match="to sort by"):
        sql_of(Query(("events",), order=("-venue__city",)))
    with pytest.raises(BadQuery, match="named twice"):
        sql_of(Query(("events", "events")))
    with pytest.raises(BadQuery, match="at least 1"):
        sql_of(Query(("events",), limit=0))
    with pytest.raises(BadQuery, match="name a metric"):
        sql_of(Query(()))


def test_rows_are_in_order_and_nulls_last(analyst: DirectRedshift) -> None:
    query = Query(("listed_events",), ("venue__state_code", "event__start_date"), order=("-listed_events",), limit=200)
    rows = [tuple(row.values()) for row in analyst.execute(sql_of(query))]
    assert list(analyst.execute(sql_of(query))[0]) == ["venue__state_code", "event__start_date", "listed_events"]
    assert rows == sorted(rows, key=lambda row: (-row[2], row[0] is None, row[0], row[1]))
    assert None in {row[0] for row in rows}


def test_a_grain_groups_and_filters(analyst: DirectRedshift) -> None:
    months = analyst.execute(sql_of(Query(("listed_events",), ("event__start_date__month",))))
    assert [f"{row['event__start_date__month']}" for row in months] == ["2026-12-01", "2027-01-01"]
    january = count(analyst, Condition("event__start_date__month", "=", ("2027-01-01",)))
    assert january == count(analyst, condition("event__start_date between 2027-01-01 and 2027-01-31"))
    assert january == months[1]["listed_events"]
    assert january == count(analyst, condition("metric_time >= 2027-01-01"))


def test_several_metrics_of_different_facts_share_a_dimension(analyst: DirectRedshift) -> None:
    together = analyst.execute(sql_of(Query(("revenue", "sell_through"), ("category__name",))))
    apart = analyst.execute(sql_of(Query(("sell_through",), ("category__name",))))
    assert {row["category__name"]: row["sell_through"] for row in together} == {
        row["category__name"]: row["sell_through"] for row in apart
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("venue__state_code = TX", Condition("venue__state_code", "=", ("TX",))),
        ("venue__state_code=TX", Condition("venue__state_code", "=", ("TX",))),
        ("venue__city = O'Fallon, IL", Condition("venue__city", "=", ("O'Fallon, IL",))),
        ('venue__city in "Paris, TX", Austin', Condition("venue__city", "in", ("Paris, TX", "Austin"))),
        ("venue__city NOT  IN Austin,Dallas", Condition("venue__city", "not in", ("Austin", "Dallas"))),
        ("a >= 3", Condition("a", ">=", ("3",))),
        ("a <> 3", Condition("a", "!=", ("3",))),
        ("a between 1 and 2", Condition("a", "between", ("1", "2"))),
        ("a between 1, 2", Condition("a", "between", ("1", "2"))),
        ("a is not null", Condition("a", "is not null")),
        ("A IS NULL", Condition("a", "is null")),
        ('a = " x "', Condition("a", "=", (" x ",))),
        ('a = "say ""hi"""', Condition("a", "=", ('say "hi"',))),
        ("a = inside", Condition("a", "=", ("inside",))),
    ],
)
def test_a_typed_condition(text: str, expected: Condition) -> None:
    assert condition(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "venue__city",
        "venue__city =",
        "= TX",
        "a like b",
        "a in",
        "a between 1",
        "a is null 3",
        "1 = 1",
        'a in "x',
        "a; b = 1",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(BadCondition):
        condition(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    for typed in (text, f"a = {text}", f"a in {text}", f"a between {text}"):
        try:
            condition(typed)
        except BadCondition:
            continue
