"""Readers poll while days are loaded: each of their statements sees a complete day, the one before or the one after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load, stage
from warehouse.publish import PublishFailed, publish
from warehouse.quality import audit
from warehouse.refresh import materialized_views, refresh
from warehouse.ticketmaster import STAR

FIRST = date(2026, 11, 20)
EVENTS = 40

STAR_QUERY = """
SELECT f.events, f.prices, f.halls, f.hall, f.band, f.last_day,
    s.snapshots, s.snapshot_prices, s.hall_letters, b.bridged
FROM (
    SELECT
        COUNT(*) AS events,
        SUM(f.price_min) AS prices,
        COUNT(DISTINCT v.name) AS halls,
        MAX(v.name) AS hall,
        MAX(a.name) AS band,
        MAX(f.last_seen_on) AS last_day
    FROM ticketmaster.fact_events AS f
    INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
    INNER JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk = a.attraction_sk
) AS f
CROSS JOIN (
    SELECT COUNT(*) AS snapshots, SUM(s.price_min) AS snapshot_prices, SUM(LEN(v.name)) AS hall_letters
    FROM ticketmaster.fact_event_snapshots AS s
    INNER JOIN ticketmaster.dim_venue AS v ON s.venue_sk = v.venue_sk
) AS s
CROSS JOIN (
    SELECT COUNT(*) AS bridged
    FROM ticketmaster.bridge_event_attraction AS b
    INNER JOIN ticketmaster.fact_events AS f ON b.event_id = f.event_id
    INNER JOIN ticketmaster.dim_attraction AS a ON b.attraction_sk = a.attraction_sk
) AS b
"""
PRODUCT_QUERIES = tuple(f"SELECT * FROM {view}" for view in materialized_views(STAR))
QUERIES = (STAR_QUERY, *PRODUCT_QUERIES)


def day(number: int, version: str = "") -> Day:
    """Every event, its venue and its attraction differ from those of any other day, and from another observation."""
    event = {
        "venue_id": "V1", "attraction_id": "A1", "attractions": ["A1"],
        "price_min": Decimal(number + 1), "price_max": Decimal(90), "price_currency": "USD",
    }  # fmt: skip
    return Day(
        FIRST + timedelta(days=number),
        [event | {"event_id": f"E{key}"} for key in range(number, number + EVENTS)],
        [{"venue_id": "V1", "name": f"Hall {number}{version}"}],
        [{"attraction_id": "A1", "name": f"Band {number}{version}"}],
    )


class Reader(threading.Thread):
    """Asks one question over and over, in a session of its own, and keeps every different answer in order."""

    def __init__(self, session: DirectRedshift, query: str) -> None:
        super().__init__(name=query[:40])
        self.query, self.answers = query, list[str]()
        self.failure: Exception | None = None
        self._session, self._done = session, threading.Event()

    def run(self) -> None:
        try:
            while not self._done.is_set():
                answer = seen(self._session, self.query)
                if self.answers[-1:] != [answer]:
                    self.answers.append(answer)
        except Exception as error:  # noqa: BLE001  shown by the test, in its own thread
            self.failure = error

    def stop(self) -> None:
        self._done.set()
        self.join()
        self._session.close()


def seen(session: DirectRedshift, query: str) -> str:
    return repr(sorted(map(repr, session.execute(query))))


@contextmanager
def reading(redshift: DirectRedshift, *queries: str) -> Iterator[list[Reader]]:
    readers = [Reader(redshift.sibling(), query) for query in queries]
    for reader in readers:
        reader.start()
    try:
        yield readers
    finally:
        for reader in readers:
            reader.stop()
    assert [reader.failure for reader in readers if reader.failure] == []


@pytest.fixture
def loads(redshift: DirectRedshift) -> list[Callable[[], Any]]:
    """Days in and out of order, and one of them observed again."""
    days = [(day(1), 1), (day(0), 1), (day(2), 1), (day(1, ", again"), 2), (day(3), 1)]

    def loaded(observed: Day, observation: int) -> None:
        run_id = load(redshift, observed, observation)
        refresh(redshift, PIPELINE, run_id)

    return [lambda pair=pair: loaded(*pair) for pair in days]


def test_no_statement_ever_sees_half_a_day(redshift: DirectRedshift, loads: list[Callable[[], Any]]) -> None:
    """Facts, snapshots, bridges and dimensions in one statement; and each data product, refreshed alone."""
    watcher = redshift.sibling()
    states: dict[str, list[str]] = {query: [seen(watcher, query)] for query in QUERIES}
    with reading(redshift, STAR_QUERY, *QUERIES) as readers:
        for load_next in loads:
            load_next()
            for query in QUERIES:
                states[query].append(seen(watcher, query))
    watcher.close()

    for reader in readers:
        positions = [states[reader.query].index(answer) for answer in reader.answers if answer in states[reader.query]]
        assert len(positions) == len(reader.answers), f"{reader.name}: an answer of no complete day"
        assert positions == sorted(positions), "and never goes back"
    assert len(set(states[STAR_QUERY])) == len(loads) + 1
    assert max(len(reader.answers) for reader in readers if reader.query == STAR_QUERY) > 2, "readers saw days change"


def test_what_is_staged_audited_or_refused_is_not_seen(redshift: DirectRedshift) -> None:
    load(redshift, day(0))
    watcher = redshift.sibling()
    before = [seen(watcher, query) for query in QUERIES]
    with reading(redshift, STAR_QUERY) as (reader,):
        run_id = stage(redshift, day(1))
        assert [seen(watcher, query) for query in QUERIES] == before, "staged"
        audit(redshift, run_id)
        assert [seen(watcher, query) for query in QUERIES] == before, "audited"
        redshift.execute("DELETE FROM ticketmaster.dim_market WHERE market_sk = 0")
        with pytest.raises(PublishFailed, match="unknown_members_present"):
            publish(redshift, PIPELINE, run_id, 1)
        assert [seen(watcher, query) for query in QUERIES] == before, "refused in its last step"
    watcher.close()
    redshift.execute(
        "INSERT INTO ticketmaster.dim_market (market_sk, market_id, name, first_seen_on, last_seen_on) "
        "VALUES (0, '-', 'Unknown market', '1900-01-01', '1900-01-01')"
    )
    assert reader.answers == before[:1]
