"""The observations of a day that the lake holds: by number, and of this pipeline alone."""

from __future__ import annotations

from datetime import date

import pytest

from lake.landing import RawLanding
from lake.layout import RunId
from lake.observations import Observations
from lake.store import Lake

DAY = date(2026, 11, 20)
PIPELINE = "ticketmaster_daily"
ENTITIES = ("events", "venues")


def run(observation: int = 1, day: date = DAY) -> RunId:
    return RunId(PIPELINE, day, observation)


def land(lake: Lake, of: RunId, *, finish: bool = True) -> None:
    landing = RawLanding(lake, "ticketmaster", of, ENTITIES)
    landing.land("events/a.json.gz", b"[]", records=0, request={})
    if finish:
        landing.finish()


@pytest.fixture
def observations(lake: Lake) -> Observations:
    return Observations(lake, "ticketmaster", ENTITIES, PIPELINE)


def test_observations_are_numbered_not_sorted_as_text(lake: Lake, observations: Observations) -> None:
    for number in (1, 2, 10):
        land(lake, run(number))
    assert observations.newest_finished(DAY) == run(10)


def test_other_folders_and_pipelines_are_not_observations(lake: Lake, observations: Observations) -> None:
    lake.put("raw/ticketmaster/events/ingest_date=2026-11-20/run_id=by-hand/a.json.gz", b"")
    land(lake, RunId("another_pipeline", DAY))
    assert observations.of(DAY) == []
