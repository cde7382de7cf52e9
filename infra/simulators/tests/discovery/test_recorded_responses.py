"""Given records are served unchanged, through the same search as generated ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.simulators.discovery import RecordedResponses
from infra.simulators.discovery.oracle import expected
from infra.simulators.tests.discovery.client import NOW, Caller, universe


def odd_records() -> list[dict]:
    return [
        {"name": "no id at all", "type": "event"},
        {"id": 7, "type": "event", "dates": "soon", "_embedded": [], "classifications": {}, "sales": None},
        {"id": "E1", "type": "event", "dates": {"start": {"localDate": "2026-13-99"}, "timezone": "Mars/Base"}},
        {"id": "E2", "type": "event", "test": "no", "_embedded": {"venues": [None, {"id": "V1", "location": 3}]}},
    ]


def test_records_of_the_generated_world_are_found_alike(tmp_path: Path) -> None:
    generated = Caller(universe(events=300))
    page = generated.json("events.json", size=200, locale="*", sort="id,asc", countryCode="US", includeTBA="yes")
    lines, pages = tmp_path / "events.ndjson", tmp_path / "page.json"
    events = page["_embedded"]["events"]
    lines.write_text("\n".join(json.dumps(event) for event in events[:90]))
    pages.write_text(json.dumps(page | {"_embedded": {"events": events[90:]}}))
    served = Caller(RecordedResponses.from_files([lines, pages]))
    assert served.events(includeTBA="yes") == events
    window = {"startDateTime": "2026-03-07T00:00:00Z", "endDateTime": "2026-03-08T23:59:59Z"}
    recorded_ids = {event["id"] for event in events}
    ids = served.ids(**window)
    assert ids == generated.ids(**window) & recorded_ids
    assert ids
    venue = next(candidate for event in events for candidate in event.get("_embedded", {}).get("venues", []))
    assert served.json(f"venues/{venue['id']}") == venue
    assert served.json("classifications")["page"]["totalElements"] == 17


def test_odd_records_are_served_as_they_are() -> None:
    records = odd_records()
    served_events = Caller(RecordedResponses(records)).json("events", size=200, locale="*")["_embedded"]["events"]
    assert sorted(map(str, served_events)) == sorted(map(str, records))


def test_a_later_record_replaces_an_earlier_one() -> None:
    records = [{"id": "A", "type": "event", "name": "old"}, {"id": "A", "type": "event", "name": "new"}]
    assert Caller(RecordedResponses(records)).json("events/A")["name"] == "new"


@pytest.mark.parametrize("text", ['{"id": 1', '{"id": "A"}\n{"id": \n'])
def test_a_file_that_is_not_json_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"broken\.json.*is not JSON"):
        RecordedResponses.from_files([path])


@pytest.mark.recorded
def test_real_recordings_are_served(recorded: Path) -> None:
    folder = recorded / "ticketmaster"
    files = [*folder.glob("events_pages/*.json"), *folder.glob("snapshots_ndjson/*.ndjson")]
    api = Caller(RecordedResponses.from_files(files))
    world = api.state.world()
    expectation = expected(world, {"US", "CA"}, datetime(2023, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert len(expectation.events) > 300
    window = {"startDateTime": "2023-01-01T00:00:00Z", "endDateTime": "2026-12-31T23:59:59Z"}
    assert api.ids(countryCode="US", **window) | api.ids(countryCode="CA", **window) == expectation.dated
    source = next(path for path in files if "raptors" in path.name)
    first = json.loads(source.read_text())["_embedded"]["events"][0]
    assert api.json(f"events/{first['id']}") == first
    assert api.state.clock.now() == NOW
