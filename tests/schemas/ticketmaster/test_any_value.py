"""An odd value of an event, whichever it is and in whatever way, costs at most itself, never its event."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from infra.simulators.discovery import Universe
from lake.curated import Lineage
from lake.validate import validate
from schemas.ticketmaster import SOURCE

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 3.5, 10**30, "", " ", "x", "true", "43,64", "0001-01-01", "0001-01-01T00:00:00Z"),
    *("\0", "x" * 20_000, [], {}, [None], [[]], [{}], ["x"], {"id": None}, {"a": {"b": 1}}, [1, "x", None, {"id": 7}]),
)
KEPT_WHOLE = {("id",), ("type",)}
"""What makes a record an event; all else of it may be odd."""


def paths(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths of all values in an event; of a list, those in its first element."""
    if path and path not in KEPT_WHOLE:
        yield path
    members = (
        content.items() if isinstance(content, dict) else enumerate(content[:1]) if isinstance(content, list) else ()
    )
    for key, value in members:
        yield from paths(value, (*path, key))


def with_value(event: dict[str, Any], path: tuple[str | int, ...], value: Any, number: int) -> dict[str, Any]:
    """The event with one value replaced, and with a venue of its own, which doesn't repeat another."""
    changed = copy.deepcopy(event)
    changed["_embedded"]["venues"][0]["id"] = f"V{number}"
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed | {"id": f"E{number}"}


def test_no_odd_value_costs_its_event(tmp_path: Path) -> None:
    world = Universe(seed=1, events=200).on(date(2026, 3, 2))
    sent_events = (json.loads(world.bodies.event(event)) for event in world.events)
    event = max(sent_events, key=lambda sent_event: len([*paths(sent_event)]))
    changes = [(path, value) for path in paths(event) for value in ODD]
    events = [with_value(event, path, value, number) for number, (path, value) in enumerate(changes)]
    body = json.dumps(events).encode()
    report = validate(
        [("s3://lake/p0", body)], SOURCE, "events", tmp_path, Lineage("r", datetime(2026, 3, 2, tzinfo=UTC))
    )
    assert len(events) > 2_000
    assert (report.quarantined_by_reason, report.curated_records) == ({}, len(events))
    places = {path.removeprefix("$.").split(".")[0].split("[")[0] for path in report.discards}
    assert {"name", "dates", "sales", "classifications", "_embedded", "venues", "events"} <= places
