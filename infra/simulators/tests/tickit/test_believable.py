"""Whoever sells tickets for a living finds nothing odd in the files: towns, seats, evenings, prices."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from infra.simulators.tests.places import TOWNS
from infra.simulators.tests.tickit.quirks import Table, table
from infra.simulators.tickit import write_files


@pytest.fixture(scope="module", params=[(7, 1.0), (7, 0.02), (11, 0.02)], ids=["published size", "small", "other seed"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    seed, scale = request.param
    if scale == 1.0:
        files: Path = request.getfixturevalue("tickit_files")
        return files
    small = tmp_path_factory.mktemp("small")
    write_files(small, seed, scale)
    return small


@pytest.fixture
def users(folder: Path) -> Table:
    return table(folder / "allusers_pipe.txt")


@pytest.fixture
def venues(folder: Path) -> Table:
    return table(folder / "venue_pipe.txt")


@pytest.fixture
def events(folder: Path) -> Table:
    return table(folder / "allevents_pipe.txt")


def test_every_town_is_in_its_state(users: Table, venues: Table) -> None:
    assert {(line[4], line[5]) for line in users} <= TOWNS
    assert {(line[2], line[3]) for line in venues} <= TOWNS


def test_most_users_live_in_the_large_states(users: Table) -> None:
    states = Counter(line[5] for line in users)
    leaders = [state for state, _ in states.most_common(4 if len(users) > 10_000 else 6)]
    assert set(leaders) >= {"CA", "TX", "FL", "NY"}
    assert 0.08 < sum(states[state] for state in ("ON", "QC", "BC", "AB")) / len(users) < 0.15
    assert len({(line[4], line[5]) for line in users}) > 130


def test_telephones_are_where_their_owners_are(users: Table) -> None:
    in_new_york = {line[7][1:4] for line in users if line[4] == "New York"}
    assert in_new_york == {"212"}


def test_names_are_not_always_the_same(users: Table) -> None:
    names = Counter((line[2], line[3]) for line in users)
    assert names.most_common(1)[0][1] <= max(6, 0.001 * len(users))


def test_broadway_is_in_new_york(venues: Table) -> None:
    theatres = Counter(line[2] for line in venues if 200 <= int(line[0]) < 265)
    assert theatres.most_common(1)[0][0] == "New York"


def test_a_hall_has_as_many_seats_as_its_kind(venues: Table) -> None:
    assert all(10_000 < int(line[4]) < 80_000 for line in venues if int(line[0]) < 200)
    assert all(400 < int(line[4]) < 4_000 for line in venues if int(line[0]) >= 200)


def test_shows_are_at_night_and_most_at_the_end_of_the_week(events: Table) -> None:
    starts = [datetime.fromisoformat(line[5]) for line in events]
    assert 0.75 < sum(start.hour >= 19 for start in starts) / len(starts) < 0.92
    assert 0.46 < sum(start.weekday() in {4, 5} for start in starts) / len(starts) < 0.51


def test_prices_are_those_of_what_is_played(folder: Path, events: Table) -> None:
    category = {line[0]: line[2] for line in events}
    prices: dict[str, list[float]] = {}
    for line in table(folder / "listings_pipe.txt"):
        prices.setdefault(category[line[2]], []).append(float(line[5]))
    averages = {name: sum(values) / len(values) for name, values in prices.items()}
    musical, play, opera, pop = (averages[name] for name in "6789")
    assert play < opera < musical < pop < 280
    assert max(prices["7"]) <= 450


def test_some_sellers_sell_for_a_living(folder: Path, users: Table) -> None:
    listings = Counter(line[1] for line in table(folder / "listings_pipe.txt"))
    assert listings.most_common(1)[0][1] > 4 * sum(listings.values()) / len(users)
    assert len(listings) > 0.6 * len(users)
