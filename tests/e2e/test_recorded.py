"""The pipeline on real recorded pages: landed as raw data of a past day, then run through Airflow from there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lake.landing import RawLanding
from lake.layout import RunId
from schemas.slices import SliceCounts
from tests.fixtures.stack import DagRun, Pipelines

pytestmark = [pytest.mark.e2e, pytest.mark.recorded]

DAG, DAY = "ticketmaster_daily", date(2025, 1, 7)
ENTITIES = ("events", "venues", "attractions", "classifications")
PAGES = {
    "events": ["events_pages/2025-01_CA-US_raptors_size200_p0.json", "events_pages/2025-06_music_size50_p0.json"],
    "venues": ["venues/2016-06_vcr_venues_p0.json"],
    "attractions": ["attractions/2016-06_vcr_attractions_p0.json"],
    "classifications": ["classifications/2025_classifications_full.json"],
}


@pytest.fixture(scope="module")
def events(recorded: Path) -> dict[str, dict[str, Any]]:
    """The recorded events by id, read without any code of ours."""
    pages = [json.loads((recorded / "ticketmaster" / name).read_text()) for name in PAGES["events"]]
    return {event["id"]: event for page in pages for event in page["_embedded"]["events"]}


@pytest.fixture(scope="module")
def run(pipelines: Pipelines, recorded: Path, events: dict[str, Any]) -> DagRun:
    landing = RawLanding(pipelines.lake, "ticketmaster", RunId(DAG, DAY), ENTITIES)
    for entity, names in PAGES.items():
        for name in names:
            body = (recorded / "ticketmaster" / name).read_bytes()
            page = json.loads(body)
            count = len(page["_embedded"][entity])
            landing.land(f"{entity}/{Path(name).name}.gz", body, records=count, request={"recorded": name})
            landing.record_slice(SliceCounts(entity, name, reported=count, fetched=count))
    landing.finish(requests=0)
    return pipelines.run(DAG, None, date(2026, 3, 2), date=DAY.isoformat())


def test_a_past_day_with_raw_data_is_rebuilt_without_the_source(
    pipelines: Pipelines, run: DagRun, events: dict[str, Any]
) -> None:
    assert run.succeeded, run.output[-4000:]
    rows = pipelines.redshift.execute(
        "SELECT event_id FROM ticketmaster.fact_event_snapshots WHERE observed_on = CAST('2025-01-07' AS DATE)"
    )
    assert {row["event_id"] for row in rows} == set(events)


def test_every_event_has_its_venue(pipelines: Pipelines, run: DagRun, events: dict[str, Any]) -> None:
    rows = pipelines.redshift.execute(
        "SELECT f.event_id, v.venue_id FROM ticketmaster.fact_event_snapshots AS f "
        "INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk "
        "WHERE f.observed_on = CAST('2025-01-07' AS DATE)"
    )
    assert {row["event_id"]: row["venue_id"] for row in rows} == {
        identity: event["_embedded"]["venues"][0]["id"] for identity, event in events.items()
    }


def test_canadian_venues_have_one_country_code(pipelines: Pipelines, run: DagRun, events: dict[str, Any]) -> None:
    rows = pipelines.redshift.execute("SELECT DISTINCT country_code FROM ticketmaster.dim_venue WHERE venue_sk <> 0")
    assert "CA" in {row["country_code"] for row in rows}
    assert all(row["country_code"] is None or len(row["country_code"]) == 2 for row in rows)


def test_the_primary_attraction_is_the_first_embedded(
    pipelines: Pipelines, run: DagRun, events: dict[str, Any]
) -> None:
    rows = pipelines.redshift.execute(
        "SELECT event_id, attraction_id FROM ticketmaster.fact_event_snapshots "
        "WHERE observed_on = CAST('2025-01-07' AS DATE) AND attraction_id IS NOT NULL"
    )
    expected = {
        identity: event["_embedded"]["attractions"][0]["id"]
        for identity, event in events.items()
        if event["_embedded"].get("attractions")
    }
    assert {row["event_id"]: row["attraction_id"] for row in rows} == expected
