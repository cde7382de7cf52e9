"""A field with values the day before and none today is gone; only the newest validated day before counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from lake.curate import curate
from lake.drift import gone
from lake.landing import RawLanding
from lake.layout import RunId
from lake.manifests import CuratedManifest
from lake.store import Lake

PRICED = {"priceRanges": [{"min": 10, "max": 20}]}


def observe(lake: Lake, day: int, *changes: dict[str, Any]) -> CuratedManifest:
    """The validation of a day on which an event was seen for each of the changes."""
    run = RunId("ticketmaster_daily", date(2026, 11, day))
    landing = RawLanding(lake, "ticketmaster", run, ["events"])
    records = [
        {"id": f"E{n}", "type": "event", "name": "Show", "dates": {}, **change} for n, change in enumerate(changes)
    ]
    landing.land("events/p0.json.gz", json.dumps(records).encode(), records=None, request={})
    landing.finish()
    return curate(lake, "ticketmaster", "events", run)


def day_before(lake: Lake, today: CuratedManifest) -> Iterator[CuratedManifest]:
    return CuratedManifest.before(lake, today.source, today.entity, today.business_date)


def gone_on(lake: Lake, today: CuratedManifest) -> dict[str, int]:
    return gone(today, next(day_before(lake, today)))


def test_a_column_and_a_table_that_have_nothing_any_more_are_gone(lake: Lake) -> None:
    observe(lake, 19, {"info": "Doors at 7"} | PRICED, {"locale": "en-us"})
    today = observe(lake, 20, {"locale": "en-us"}, {})
    assert gone_on(lake, today) == {"events.info": 2, "event_price_ranges": 0}


def test_what_is_rare_is_not_gone(lake: Lake) -> None:
    observe(lake, 19, *[{"info": "Doors at 7"}] * 1, *[{}] * 9)
    assert gone_on(lake, observe(lake, 20, *[{}] * 9, {"info": "Doors at 8"})) == {}


def test_what_was_not_there_the_day_before_is_told_only_once(lake: Lake) -> None:
    observe(lake, 18, {"info": "Doors at 7"} | PRICED)
    observe(lake, 19, {})
    assert gone_on(lake, observe(lake, 20, {})) == {}


def test_a_column_of_a_table_that_comes_back_is_not_gone(lake: Lake) -> None:
    observe(lake, 19, {})
    assert gone_on(lake, observe(lake, 20, {"priceRanges": [{"currency": "USD"}]})) == {}


def test_the_first_day_has_none_before_it(lake: Lake) -> None:
    observe(lake, 21, {"info": "later"})
    assert list(day_before(lake, observe(lake, 20, {}))) == []


def test_a_day_that_was_begun_and_never_finished_does_not_count(lake: Lake) -> None:
    observe(lake, 18, {"info": "Doors at 7"})
    lake.put("curated/ticketmaster/events/ingest_date=2026-11-19/crashed.events.0000.parquet", b"")
    assert gone_on(lake, observe(lake, 20, {})) == {"events.info": 1}
