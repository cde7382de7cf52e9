"""Loading 1,000,000 staged fact rows, compared with `psql \\copy` of the same rows.

Ours is the product's own way: Parquet in the lake and its COPY manifest, `warehouse.load.copy_staged` through the Data
API, the local Redshift's COPY. It checks the files' schema and sizes, replaces what the run had, and logs itself.
Theirs is psql with `\\copy` of the rows as a CSV file on disk into an identical table of the same PostgreSQL; making
that file is not counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow.csv as pa_csv

from aws_services import resources
from tests.bench._staged import World, local_warehouse, psql, put
from tests.bench.harness import Finding, Options, Work, compare, timed
from warehouse.load import copy_staged

TABLE = "ticketmaster_events"


def measure(options: Options) -> Iterator[Finding]:
    """Compare the two on the widest staging table."""
    rows = options.size(1_000_000, 100_000)
    with tempfile.TemporaryDirectory() as folder, local_warehouse(Path(folder) / "aws") as (redshift, dsn):
        events = World(rows, redshift).day(0)[TABLE]
        run_id = str(events["run_id"][0])
        manifest = put({TABLE: events})[TABLE]
        file = Path(folder) / "events.csv"
        pa_csv.write_csv(events, file, pa_csv.WriteOptions(include_header=False))
        with psycopg.connect(dsn, autocommit=True) as database:
            database.execute(f"CREATE TABLE public.plain (LIKE staging.{TABLE} INCLUDING ALL)")

        def ours() -> None:
            copy_staged(redshift, run_id, {TABLE: manifest}, resources.COPY_ROLE_ARN)

        def theirs() -> None:
            psql(dsn, "\\copy public.plain FROM '" + str(file) + "' (FORMAT csv)")

        yield compare(
            f"loading {rows:,} rows of {events.num_columns} columns",
            lambda: _into_empty(dsn, f"staging.{TABLE}", ours),
            lambda: _into_empty(dsn, "public.plain", theirs),
            against="psql \\copy",
            rounds=options.rounds,
            at_most=2.0,
        )
        _check_same(dsn)


def _into_empty(dsn: str, table: str, work: Work) -> float:
    """Seconds of a load into the table, which is emptied before."""
    with psycopg.connect(dsn, autocommit=True) as database:
        database.execute(f"TRUNCATE {table}")
    return timed(work)


def _check_same(dsn: str) -> None:
    """Both ways brought the same rows."""
    with psycopg.connect(dsn) as database:
        differing = database.execute(
            f"SELECT COUNT(*) FROM (SELECT * FROM staging.{TABLE} EXCEPT ALL SELECT * FROM public.plain) AS differing"
        ).fetchone()
        counts = [
            database.execute(f"SELECT COUNT(*) FROM {t}").fetchone() for t in (f"staging.{TABLE}", "public.plain")
        ]
    assert differing == (0,) and counts[0] == counts[1] != (0,), (differing, counts)
