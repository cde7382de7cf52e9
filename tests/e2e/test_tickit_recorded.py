"""The second pipeline on the real files: venues, categories, dates and events as published, with every quirk of them.

Users, listings and sales are not among the recorded data: they are made up, the sales being of the real events.
"""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from infra.simulators.tickit import trade, write_files
from infra.simulators.tickit.programme import Event
from sources.tickit import FILES
from tests.fixtures.stack import DagRun, Pipelines

pytestmark = [pytest.mark.e2e, pytest.mark.recorded]

DAY = date(2026, 4, 1)
REAL = ("venues", "categories", "dates", "events")
FIRST_DATE_ID = 1827
SCALE, USERS, LISTINGS, SALES = 0.05, 2_500, 9_600, 8_600


@pytest.fixture(scope="module")
def folder(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (real := recorded / "tickit").is_dir():
        pytest.skip(f"no recorded files in {real}")
    location = tmp_path_factory.mktemp("real")
    write_files(location, scale=SCALE)
    for entity in REAL:
        shutil.copy(real / FILES[entity], location)
    events = []
    for line in (real / FILES["events"]).read_text().splitlines():
        number, venue, category, date_id, name, start = line.split("|")
        events.append(Event(int(number), int(venue), int(category), int(date_id) - FIRST_DATE_ID, name, start))
    blocks = list(trade.blocks(7, events, trade.Volume(USERS, LISTINGS, SALES)))
    (location / FILES["listings"]).write_text("".join(listings for listings, _ in blocks))
    (location / FILES["sales"]).write_text("".join(sales for _, sales in blocks))
    return location


@pytest.fixture(scope="module")
def run(pipelines: Pipelines, folder: Path) -> DagRun:
    return pipelines.run("tickit_load", None, DAY, location=str(folder))


def _found(pipelines: Pipelines, rule: str) -> int:
    """Rows that a quality rule counted in the run."""
    return int(pipelines.one("SELECT failed_rows FROM etl.data_quality_results WHERE rule_name = :rule", rule=rule))


def test_the_real_files_are_published_whole(pipelines: Pipelines, run: DagRun) -> None:
    assert run.succeeded, run.output[-6000:]
    rows = pipelines.redshift.execute(
        "SELECT table_name, raw_records, curated_records, quarantined_records FROM etl.run_tables WHERE layer = 'raw'"
    )
    assert {row["table_name"]: (row["raw_records"], row["curated_records"]) for row in rows} == {
        "users": (2_500, 2_500),
        "venues": (202, 202),
        "categories": (11, 11),
        "dates": (365, 365),
        "events": (8_798, 8_798),
        "listings": (LISTINGS, LISTINGS),
        "sales": (SALES, SALES),
    }
    assert sum(row["quarantined_records"] for row in rows) == 0


def test_every_quirk_is_counted_and_none_is_hidden(pipelines: Pipelines, run: DagRun) -> None:
    assert _found(pipelines, "event_venue_known") == 139
    assert _found(pipelines, "event_day_as_sent") == 703
    assert _found(pipelines, "venue_seats_known") == 15 + 130
    assert _found(pipelines, "venue_names_unique") > 0
    assert _found(pipelines, "date_claims_agree") == 31 + 28  # the weekday, each day until 28 February
    assert pipelines.one("SELECT quality_score FROM etl.runs") >= 95


def test_sales_of_events_without_a_venue_are_kept(pipelines: Pipelines, run: DagRun, folder: Path) -> None:
    lines = [line.split("\t") for line in (folder / FILES["sales"]).read_text().splitlines()]
    homeless = {
        line.split("|")[0]
        for line in (folder / FILES["events"]).read_text().splitlines()
        if line.split("|")[1] in ("12", "51", "64")
    }
    assert len(homeless) == 139
    paid = [Decimal(line[7]) for line in lines if line[4] in homeless]
    assert pipelines.one("SELECT COUNT(*) FROM tickit.fact_sales WHERE venue_sk = 0") == len(paid) > 50
    revenue = pipelines.one(
        "SELECT SUM(revenue) FROM tickit.mv_sales_by_region WHERE region_of = 'venue' AND state = 'Unknown'"
    )
    assert revenue == sum(paid)


def test_events_are_on_their_true_day(pipelines: Pipelines, run: DagRun) -> None:
    assert pipelines.one("SELECT COUNT(*) FROM tickit.dim_event WHERE is_day_corrected") == 703
    of_may = "event_date_key BETWEEN 20080501 AND 20080531"
    assert pipelines.one(f"SELECT COUNT(*) FROM tickit.dim_event WHERE {of_may}") == 727
    assert pipelines.one("SELECT COUNT(DISTINCT city) FROM tickit.dim_venue WHERE name = 'Lyric Opera House'") == 2
