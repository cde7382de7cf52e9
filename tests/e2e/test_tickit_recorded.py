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
from infra.simulators.tickit.calendar import PUBLISHED_DAYS
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
    write_files(location, scale=SCALE, quirks=True)
    for entity in REAL:
        shutil.copy(real / FILES[entity], location)
    events = []
    for line in (real / FILES["events"]).read_text().splitlines():
        number, venue, category, date_id, name, start = line.split("|")
        events.append(Event(int(number), int(venue), int(category), int(date_id) - FIRST_DATE_ID, name, start))
    blocks = list(trade.blocks(7, events, trade.Volume(USERS, LISTINGS, SALES), PUBLISHED_DAYS))
    (location / FILES["listings"]).write_text("".join(listings for listings, _ in blocks))
    (location / FILES["sales"]).write_text("".join(sales for _, sales in blocks))
    return location


@pytest.fixture(scope="module")
def run(pipelines: Pipelines, folder: Path) -> DagRun:
    return pipelines.run("tickit_load", None, DAY, location=str(folder))


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
    results = pipelines.redshift.execute(
        "SELECT rule_name, failed_rows, passed FROM etl.data_quality_results WHERE table_name IN "
        "('staging.tickit_venues', 'staging.tickit_categories', 'staging.tickit_dates', 'staging.tickit_events')"
    )
    assert {row["rule_name"]: row["failed_rows"] for row in results if row["failed_rows"]} == {
        "event_venue_known": 139,
        "event_day_as_sent": 703,
        "venue_seats_known": 15 + 130,
        "venue_names_unique": 1,  # one name too many
        "date_claims_agree": 31 + 28,  # the weekday, each day until 28 February
        "date_days_complete": 1,  # 29 February
        "date_weeks_begin_saturday": 2,  # 31 October is a week ahead, and the day after is not
    }
    assert all(row["passed"] for row in results)
    assert pipelines.one("SELECT quality_score FROM etl.runs") >= 95


def test_the_venues_of_canada_are_in_canada(pipelines: Pipelines, run: DagRun) -> None:
    rows = pipelines.redshift.execute(
        "SELECT country, state, COUNT(*) AS venues FROM tickit.dim_venue WHERE venue_sk <> 0 GROUP BY country, state"
    )
    canada = {row["state"]: row["venues"] for row in rows if row["country"] == "CA"}
    assert canada == {"ON": 4, "AB": 2, "BC": 1, "QC": 1}
    assert sum(row["venues"] for row in rows if row["country"] == "US") == 202 - 8


def test_only_four_categories_have_events_and_all_eleven_are_there(pipelines: Pipelines, run: DagRun) -> None:
    rows = pipelines.redshift.execute(
        "SELECT c.category_id, COUNT(e.event_id) AS events FROM tickit.dim_category AS c "
        "LEFT JOIN tickit.dim_event AS e ON c.category_id = e.category_id "
        "WHERE c.category_sk <> 0 GROUP BY c.category_id"
    )
    events = {row["category_id"]: row["events"] for row in rows}
    assert events == dict.fromkeys(range(1, 12), 0) | {6: 1_300, 7: 2_000, 8: 500, 9: 4_998}


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
