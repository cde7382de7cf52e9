"""From landed pages to tables that can be queried, compared with dlt, a tool that you might pick instead.

Both start from the same gzipped pages of a day, write Parquet, and load it into the same PostgreSQL server (which is
what the local Redshift is). dlt runs in an environment of its own, with its defaults, its Parquet loader and append: it
infers a schema, makes a child table of each nested list, and adds load ids. It has no contract here, so that nothing is
rejected; it does not compare its counts with the source's, knows no star, no history (its `scd2` is not on), no
quality gate, and repeated events stay. Ours validates against the contracts with the quarantine on, catalogs, builds a
star of eight tables in a Spark job (whose start alone takes seconds), audits, publishes in one transaction with SCD2
history and snapshots, and refreshes the data products. Without Airflow on either side, and without the fetching.

The days are different ones, one after the other; ours meets yesterday's star, dlt its earlier loads.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg

from aws_services import resources
from lake import layout
from lake.layout import RunId
from lake.manifests import RawManifest
from tests.bench.day import Day
from tests.bench.harness import Comparison, Figure, Options
from tests.bench.made_events import DAY
from tests.bench.world import World, day_of, running_aws, simulated_api

ROOT = Path(__file__).resolve().parents[2]
MOST_DAYS = 5
FETCHING = frozenset({"open_run", "extract"})
"""Steps of a day that dlt does not do here."""


def measure(options: Options) -> Iterator[Comparison | Figure]:
    """Take some days through both."""
    events, days = options.size(10_000, 1_000), options.size(min(options.rounds, MOST_DAYS), 1)
    python = _environment()
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with (
        tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder,
        running_aws(Path(folder) / "aws") as world,
        simulated_api(events, DAY) as url,
    ):
        database = _database(world)
        for number in range(days):
            day = Day(DAY + timedelta(days=number))
            with day_of(day.date, url):
                day.run()
            ours.append({step: seconds for step, seconds in day.seconds.items() if step not in FETCHING})
            report = _load(python, database, Path(folder) / f"dlt-{number}", _landed(world, day))
            theirs.append(report["seconds"])
    whole = (tuple(sum(seconds.values()) for seconds in side) for side in (ours, theirs))
    yield Comparison(f"about {events:,} events, landed pages to tables, a day", "dlt", *whole)
    yield Figure("curated tables of ours", len(resources.TICKETMASTER_TABLES), "")
    yield Figure("tables of dlt", len(report["rows"]), "")
    for side, name in ((ours, "ours"), (theirs, "dlt")):
        for step, seconds in side[-1].items():
            yield Figure(f"{name}, last day: {step}", seconds, "s")


def _environment() -> Path:
    """The Python of an environment that holds dlt, made when it is not there or not up to date."""
    lock = ROOT / "requirements-bench.txt"
    home = Path(os.environ.get("BOXOFFICE_HOME", ROOT / ".boxoffice")).resolve() / "bench-venv"
    stamp = home / ".installed"
    python = home / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}") or "uv"
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(lock)], check=True)
        stamp.write_text(lock.read_text())
    return python


def _database(world: World) -> str:
    """An empty database on the server of the local Redshift; its URL."""
    with psycopg.connect(world.aws.postgresql_dsn, autocommit=True) as connection:
        connection.execute("CREATE DATABASE dlt")
        server = connection.info
        # dlt requires a password and a host name; libpq uses the socket's folder in the query instead
        folder = quote(server.host, safe="")
        return f"postgresql://{server.user}:unused@localhost:{server.port}/dlt?host={folder}"


def _landed(world: World, day: Day) -> list[Path]:
    """The files of the day's event pages, as the local S3 keeps them; pages without events left out."""
    run = RunId("ticketmaster_daily", day.date)
    bucket = world.aws.state_dir / "s3" / resources.LAKE_BUCKET
    objects = RawManifest.read(world.lake, "ticketmaster", "events", run).objects
    return [bucket / layout.raw_key("ticketmaster", run, entry.name) for entry in objects if entry.records]


def _load(python: Path, database: str, folder: Path, files: list[Path]) -> dict[str, dict[str, float]]:
    command = [str(python), str(Path(__file__).with_name("_dlt_load.py")), str(folder), *map(str, files)]
    environment = os.environ | {
        "DESTINATION__POSTGRES__CREDENTIALS": database,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "HOME": str(folder),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"dlt failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])
