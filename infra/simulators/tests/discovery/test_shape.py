"""Simulated entities have the keys and the types of recorded ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.simulators.tests.discovery.client import NOW, Caller, universe

Shape = dict[str, set[str]]

# their keys are data: sources, and kinds of links
FREE_KEYS = {"upcomingEvents", "externalLinks"}


def walk(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every JSON path (list positions left out) with its type; keys that are data count as `*`."""
    kind = type(value).__name__
    yield path, "number" if kind in {"int", "float"} and path.endswith((".min", ".max")) else kind
    if isinstance(value, dict):
        for key, member in value.items():
            name = "*" if path.rsplit(".", 1)[-1] in FREE_KEYS else key
            yield from walk(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, f"{path}[]")


def shape(entities: list[Any]) -> Shape:
    types_by_path: Shape = defaultdict(set)
    for entity in entities:
        for path, kind in walk(entity):
            types_by_path[path].add(kind)
    return types_by_path


def strays(simulated: Shape, recorded: Shape) -> dict[str, set[str]]:
    """Paths that no recording has, or with other types."""
    return {path: kinds for path, kinds in simulated.items() if not kinds <= recorded.get(path, set())}


@pytest.fixture(scope="module")
def recordings(recorded: Path) -> dict[str, list[Any]]:
    folder = recorded / "ticketmaster"
    entities: dict[str, list[Any]] = defaultdict(list)
    for path in folder.glob("events_pages/20*.json"):
        document = json.loads(path.read_text())
        page = document[0]["response"] if isinstance(document, list) else document
        entities["events"] += page["_embedded"]["events"]
    for path in folder.glob("snapshots_ndjson/*.ndjson"):
        kind = path.name.split("_")[0]
        entities[kind] += [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    for event in entities["events"]:
        for kind in ("venues", "attractions"):
            entities[kind] += event.get("_embedded", {}).get(kind, [])
    tree = json.loads((folder / "classifications" / "2025_classifications_full.json").read_text())
    entities["classifications"] = tree["_embedded"]["classifications"]
    return entities


@pytest.mark.recorded
@pytest.mark.parametrize("kind", ["events", "venues", "attractions", "classifications"])
def test_simulated_entities_have_recorded_keys_and_types(recordings: dict[str, list[Any]], kind: str) -> None:
    world = universe().on(NOW.date())
    if kind == "classifications":
        simulated = Caller().json("classifications")["_embedded"]["classifications"]
    else:
        body = {"events": world.bodies.event, "venues": world.bodies.venue, "attractions": world.bodies.attraction}[
            kind
        ]
        entities = world.events if kind == "events" else getattr(world, kind).values()
        simulated = [json.loads(body(entity)) for entity in entities]
    assert strays(shape(simulated), shape(recordings[kind])) == {}


@pytest.mark.recorded
def test_what_most_recorded_events_have_simulated_ones_have(recordings: dict[str, list[Any]]) -> None:
    recent = [event for event in recordings["events"] if "ticketing" in event and "url" in event]
    common = {key for key in set().union(*recent) if sum(key in event for event in recent) > 0.2 * len(recent)}
    world = universe().on(NOW.date())
    simulated = [json.loads(world.bodies.event(event)) for event in world.events[:1500]]
    assert common - {"db_stamp"} <= set().union(*simulated)  # the collector's own stamp
