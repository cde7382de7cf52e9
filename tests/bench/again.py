"""A finished day triggered again asks the API for nothing, and writes nothing outside `state/` and the ledger.

A day of the pipeline is run to its end against the simulated API, then once more. The benchmark counts the requests
that the API received, the objects of the lake that were written, replaced or deleted (by their files, whichever process
did it), and the warehouse's tables where any row's version changed, even by an update to equal values.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests
from psycopg import sql

from aws_services import resources
from tests.bench.day import Day
from tests.bench.harness import Figure, Options
from tests.bench.made_events import DAY
from tests.bench.world import World, day_of, running_aws, simulated_api

LEDGER = "etl."
STATE = "state/"

Versions = dict[str, object]


def measure(options: Options) -> Iterator[Figure]:
    """Run a day, run it again, count what the second run did."""
    events = options.size(10_000, 500)
    with (
        tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder,
        running_aws(Path(folder)) as world,
        simulated_api(events, DAY) as url,
        day_of(DAY, url),
    ):
        first = Day(DAY)
        first.run()
        yield Figure(f"the first run of {events:,} events, requests", _requests(url), "")
        before = _requests(url), _objects(world), _tables(world)
        again = Day(DAY, "again")
        again.run()
        after = _requests(url), _objects(world), _tables(world)
        objects, tables = (_changed(*both) for both in list(zip(before, after, strict=True))[1:])
        yield Figure("again: requests to the API", after[0] - before[0], "", at_most=0)
        outside = [key for key in objects if not key.startswith(STATE)]
        yield Figure(_naming("again: objects written outside state/", outside), len(outside), "", at_most=0)
        yield Figure("again: objects written in state/", len(objects) - len(outside), "")
        outside = [table for table in tables if not table.startswith(LEDGER)]
        yield Figure(_naming("again: tables written outside the ledger", outside), len(outside), "", at_most=0)
        yield Figure("again: tables of the ledger written", len(tables) - len(outside), "")
        yield Figure("seconds of the first run", sum(first.seconds.values()), "s")
        yield Figure("seconds of the second", sum(again.seconds.values()), "s")


def _requests(url: str) -> int:
    parts = urlsplit(url)
    answer = requests.get(f"{parts.scheme}://{parts.netloc}/__simulator/requests", timeout=30)
    return int(answer.json()["total"])


def _objects(world: World) -> Versions:
    """The version of every object in the lake: when it was written, its size and its file."""
    root = world.aws.state_dir / "s3" / resources.LAKE_BUCKET
    files = {path: path.stat() for path in root.rglob("*") if path.is_file()}
    if not files:
        raise AssertionError(f"no lake in {root}")
    return {str(p.relative_to(root)): (s.st_mtime_ns, s.st_size, s.st_ino) for p, s in files.items()}


def _tables(world: World) -> Versions:
    """The versions of all rows of every table: where each lies, and the transaction that put it there.

    Left out is `rs`, where the local Redshift keeps its own history of queries, as Redshift does.
    """
    with psycopg.connect(world.aws.postgresql_dsn) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema|rs$)'"
        ).fetchall()
        versions: dict[str, object] = {}
        for schema, table in tables:
            query = sql.SQL("SELECT count(*), sum(hashtext(ctid::text || xmin::text)) FROM {}")
            versions[f"{schema}.{table}"] = connection.execute(query.format(sql.Identifier(schema, table))).fetchone()
    return versions


def _naming(subject: str, names: list[str]) -> str:
    return f"{subject} ({', '.join(names[:3])})" if names else subject


def _changed(before: Versions, after: Versions) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
