"""A second implementation of the star in plain Python, from the days observed, in any order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day

FOREVER = date(9999, 12, 31)
Version = tuple[str, date, date, str, int | None, str | None]
"""Key, valid_from, valid_to, name, and of its latest day upcoming_events and url."""
VOLATILE = {"upcoming_events", "url"}


def expected(days: list[Day]) -> dict[str, Any]:
    """The star after these days: one Day per date, the latest observation of it."""
    days = sorted(days, key=lambda day: day.on)
    venues = _versions([(day.on, row, "venue_id") for day in days for row in day.venues])
    attractions = _versions([(day.on, row, "attraction_id") for day in days for row in day.attractions])
    classes = _latest(
        [(day.on, row, "classification_id", "segment_name") for day in days for row in day.classifications]
    )
    markets = _latest([(day.on, row, "market_id", "name") for day in days for row in day.markets])
    snapshots, last_day = [], {}
    for day in days:
        for event in day.events:
            snapshots.append(
                (
                    event["event_id"],
                    day.on,
                    event["status"],
                    *_pointers(event, day.on, venues, attractions, classes, markets),
                )
            )
            last_day[event["event_id"]] = (day.on, event)
    first = {event_id: min(s[1] for s in snapshots if s[0] == event_id) for event_id in last_day}
    facts = [
        (
            *(event_id, first[event_id], on, _withdrawn_on(days, event, on)),
            *next(s[2:] for s in snapshots if s[:2] == (event_id, on)),
        )
        for event_id, (on, event) in last_day.items()
    ]
    bridge = [
        (event_id, attraction, position, _version_on(attractions, attraction, on))
        for event_id, (on, event) in last_day.items()
        for position, attraction in enumerate(event["attractions"])
    ]
    class_bridge = [
        (event_id, position, name if name in classes else "-")
        for event_id, (_, event) in last_day.items()
        for position, name in enumerate(event["classifications"])
    ]
    return {
        "dim_venue": sorted(venues, key=repr),
        "dim_attraction": sorted(attractions, key=repr),
        "dim_classification": sorted((key, *values) for key, values in classes.items()),
        "dim_market": sorted((key, *values) for key, values in markets.items()),
        "fact_event_snapshots": sorted(snapshots, key=repr),
        "unknown_references": sorted(_unknown(days, venues, attractions, classes, markets)),
        "fact_events": sorted(facts, key=repr),
        "bridge_event_attraction": sorted(bridge, key=repr),
        "bridge_event_classification": sorted(class_bridge),
        "bridge_venue_market": sorted(
            (key, start, market if market in markets else "-", market)
            for key, start, market in _version_markets(days, venues)
        ),
    }


def _withdrawn_on(days: list[Day], event: dict[str, Any], last_seen_on: date) -> date | None:
    """The first later day whose window covers the event's start, without a time of the day."""
    start = event.get("start_date")
    for day in days:
        covered_to = day.to or FOREVER
        if day.on > last_seen_on and (start is None or day.on < start <= covered_to - timedelta(days=2)):
            return day.on
    return None


def _versions(seen: list[tuple[date, dict[str, Any], str]]) -> list[Version]:
    versions: list[Version] = []
    for key in sorted({row[name] for _, row, name in seen}):
        history = [(on, row) for on, row, name in seen if row[name] == key]
        runs: list[list[tuple[date, dict[str, Any]]]] = []
        for on, row in history:
            if not runs or _content(runs[-1][-1][1]) != _content(row):
                runs.append([])
            runs[-1].append((on, row))
        ends = [run[0][0] for run in runs[1:]] + [FOREVER]
        versions += [
            (key, run[0][0], end, run[0][1]["name"], run[-1][1]["upcoming_events"], run[-1][1]["url"])
            for run, end in zip(runs, ends, strict=True)
        ]
    return versions


def _content(row: dict[str, Any]) -> Any:
    return {name: value for name, value in row.items() if name not in VOLATILE}


def _latest(seen: list[tuple[date, dict[str, Any], str, str]]) -> dict[str, tuple[str, date, date]]:
    latest: dict[str, tuple[str, date, date]] = {}
    for on, row, key, name in seen:
        start = latest[row[key]][1] if row[key] in latest else on
        latest[row[key]] = (row[name], start, on)
    return latest


def _version_on(versions: list[Version], key: str | None, on: date) -> tuple[str, date] | None:
    """Natural identity of the version a row of that day points to; None is the unknown member."""
    mine = [version for version in versions if version[0] == key]
    candidates = [version for version in mine if version[1] <= on < version[2]] or mine[:1]
    return (candidates[0][0], candidates[0][1]) if candidates else None


def _pointers(event: dict[str, Any], on: date, venues: Any, attractions: Any, classes: Any, markets: Any) -> tuple:
    return (
        _version_on(venues, event["venue_id"], on),
        _version_on(attractions, event["attraction_id"], on),
        event["classification_id"] if event["classification_id"] in classes else "-",
        event["market_id"] if event["market_id"] in markets else "-",
    )


def _unknown(
    days: list[Day], venues: list[Version], attractions: list[Version], classes: Any, markets: Any
) -> set[tuple[date, str, str]]:
    """Dimension members that an event of a day refers to and that were never observed."""
    known = {
        "venue": {version[0] for version in venues},
        "attraction": {version[0] for version in attractions},
        "classification": set(classes),
        "market": set(markets),
    }
    return {
        (day.on, thing, event[f"{thing}_id"])
        for day in days
        for event in day.events
        for thing, keys in known.items()
        if event[f"{thing}_id"] is not None and event[f"{thing}_id"] not in keys
    }


def _version_markets(days: list[Day], venues: list[Version]) -> list[tuple[str, date, str]]:
    rows = {(row["venue_id"], day.on): row["market_ids"] for day in days for row in day.venues}
    return [
        (version[0], version[1], market)
        for version in venues
        for market in (rows[version[0], version[1]] or "").split(",")
        if market
    ]


def actual(redshift: DirectRedshift) -> dict[str, Any]:
    """The star as it is, surrogate keys replaced by the members that they refer to."""
    versions = {
        thing: {
            row[f"{thing}_sk"]: (row[f"{thing}_id"], row["valid_from"])
            for row in redshift.execute(f"SELECT {thing}_sk, {thing}_id, valid_from FROM ticketmaster.dim_{thing}")
            if row[f"{thing}_sk"]
        }
        | {0: None}
        for thing in ("venue", "attraction")
    }
    members = {
        thing: {
            row[f"{thing}_sk"]: row[f"{thing}_id"]
            for row in redshift.execute(f"SELECT {thing}_sk, {thing}_id FROM ticketmaster.dim_{thing}")
        }
        for thing in ("classification", "market")
    }

    def rows(sql: str) -> list[list[Any]]:
        return [list(row.values()) for row in redshift.execute(sql)]

    def pointed(row: list[Any], at: int) -> tuple:
        return (
            *row[:at],
            versions["venue"][row[at]],
            versions["attraction"][row[at + 1]],
            members["classification"][row[at + 2]],
            members["market"][row[at + 3]],
        )

    sks = "venue_sk, attraction_sk, classification_sk, market_sk"
    scd2 = "valid_from, valid_to, name, upcoming_events, url FROM ticketmaster"
    seen = "first_seen_on, last_seen_on FROM ticketmaster"
    return {
        "dim_venue": sorted(map(tuple, rows(f"SELECT venue_id, {scd2}.dim_venue WHERE venue_sk <> 0")), key=repr),
        "dim_attraction": sorted(
            map(tuple, rows(f"SELECT attraction_id, {scd2}.dim_attraction WHERE attraction_sk <> 0")), key=repr
        ),
        "dim_classification": sorted(
            map(
                tuple,
                rows(f"SELECT classification_id, segment_name, {seen}.dim_classification WHERE classification_sk <> 0"),
            )
        ),
        "dim_market": sorted(map(tuple, rows(f"SELECT market_id, name, {seen}.dim_market WHERE market_sk <> 0"))),
        "fact_event_snapshots": sorted(
            (
                pointed(row, 3)
                for row in rows(f"SELECT event_id, observed_on, status, {sks} FROM ticketmaster.fact_event_snapshots")
            ),
            key=repr,
        ),
        "unknown_references": sorted(
            map(tuple, rows("SELECT observed_on, dimension, natural_id FROM ticketmaster.unknown_references"))
        ),
        "fact_events": sorted(
            (
                pointed(row, 5)
                for row in rows(
                    "SELECT event_id, first_seen_on, last_seen_on, withdrawn_on, status, "
                    f"{sks} FROM ticketmaster.fact_events"
                )
            ),
            key=repr,
        ),
        "bridge_event_attraction": sorted(
            (
                (*row[:3], versions["attraction"][row[3]])
                for row in rows(
                    'SELECT event_id, attraction_id, "position", attraction_sk '
                    "FROM ticketmaster.bridge_event_attraction"
                )
            ),
            key=repr,
        ),
        "bridge_event_classification": sorted(
            (*row[:2], members["classification"][row[2]])
            for row in rows(
                'SELECT event_id, "position", classification_sk FROM ticketmaster.bridge_event_classification'
            )
        ),
        "bridge_venue_market": sorted(
            (*versions["venue"][row[0]], members["market"][row[1]], row[2])
            for row in rows("SELECT venue_sk, market_sk, market_id FROM ticketmaster.bridge_venue_market")
        ),
    }


def whole(redshift: DirectRedshift) -> dict[str, list[str]]:
    """Every column of every table of the star and of what it is made of, surrogate keys replaced by natural ones.

    Left out is `run_id`, which names the run that brought a row and is not part of its content.
    """
    stands_for: dict[str, dict[int, Any]] = {}
    for thing in ("venue", "attraction", "classification", "market"):
        begins = "valid_from" if thing in ("venue", "attraction") else "0 AS valid_from"
        members = redshift.execute(f"SELECT {thing}_sk AS sk, {thing}_id AS id, {begins} FROM ticketmaster.dim_{thing}")
        stands_for[f"{thing}_sk"] = {row["sk"]: (row["id"], row["valid_from"]) for row in members}
    tables = redshift.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'ticketmaster' "
        "AND table_type = 'BASE TABLE' AND table_name <> 'event_summary'"
    )
    contents = {}
    for name in (row["table_name"] for row in tables):
        contents[name] = sorted(
            repr([stands_for[column][value] if column in stands_for else value for column, value in row.items()])
            for row in ({k: v for k, v in row.items() if k != "run_id"} for row in _all(redshift, name))
        )
    return contents


def _all(redshift: DirectRedshift, table: str) -> list[dict[str, Any]]:
    return redshift.execute(f"SELECT * FROM ticketmaster.{table}")
