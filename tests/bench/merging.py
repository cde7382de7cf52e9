"""Merging 100,000 changed rows into 1,000,000, compared with a hand-written COPY and MERGE.

Both take 100,000 events, all of them known and changed, to a fact table of 1,000,000 rows: COPY into a staging table,
keys of four dimensions resolved, the table's rows replaced. Ours is `copy_staged` of the events and what `publish`
spends in `sp_merge_fact_events`; theirs is psql with `\\copy` of a CSV file and one MERGE of all columns, in the same
PostgreSQL.

The second line is everything that loading such a day takes: eight staging tables, the audit's rules, a snapshot of each
event, versions of dimensions, bridges, the star's own rules. It is compared with the same MERGE and has no target.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv

from aws_services import resources
from aws_services.redshift_data import RedshiftData
from tests.bench._staged import PIPELINE, World, local_warehouse, open_day, psql, put
from tests.bench.harness import Comparison, Finding, Options, compare
from warehouse.load import copy_staged
from warehouse.publish import publish
from warehouse.quality import audit

EVENTS = "ticketmaster_events"
_KEYS = ("venue", "attraction", "classification", "market")


def measure(options: Options) -> Iterator[Finding]:
    """Publish 1,000,000 events, then compare ways of merging changed ones."""
    known, changed = options.size(1_000_000, 100_000), options.size(100_000, 10_000)
    with tempfile.TemporaryDirectory() as folder, local_warehouse(Path(folder) / "aws") as (redshift, dsn):
        everything = World(known, redshift, changed=1).day(0)
        run_id = open_day(redshift, everything)
        copy_staged(redshift, run_id, put(everything), resources.COPY_ROLE_ARN)
        _publish(redshift, run_id)
        with psycopg.connect(dsn, autocommit=True) as database:
            database.execute("CREATE TABLE public.facts (LIKE ticketmaster.fact_events INCLUDING ALL)")
            database.execute("INSERT INTO public.facts SELECT * FROM ticketmaster.fact_events")
            database.execute(f"CREATE TABLE public.staged (LIKE staging.{EVENTS} INCLUDING ALL)")
            database.execute("ANALYZE")
            merge = _hand_written(database)
        days = _Days(World(changed, redshift, changed=1), redshift, dsn, Path(folder), merge)
        subject = f"merging {changed:,} changed rows into {known:,}"
        by_hand = "COPY and MERGE by hand"
        comparison = compare(subject, days.ours, days.theirs, against=by_hand, rounds=options.rounds, at_most=1.5)
        yield comparison
        whole = tuple(days.whole[1:])
        yield Comparison("loading that day whole: eight tables, audit, star", by_hand, whole, comparison.theirs)
        _check_same(dsn)


class _Days:
    """One changed day after the other: each is merged our way and then, into a table of its own, by hand."""

    def __init__(self, world: World, redshift: RedshiftData, dsn: str, folder: Path, merge: str) -> None:
        self._world, self._redshift, self._dsn, self._merge = world, redshift, dsn, merge
        self._file = folder / "events.csv"
        self._number = 0
        self.whole: list[float] = []

    def ours(self) -> float:
        self._number += 1
        tables = self._world.day(self._number)
        self._write(tables[EVENTS])
        run_id, manifests = open_day(self._redshift, tables), put(tables)
        events = {EVENTS: manifests.pop(EVENTS)}
        began = time.perf_counter()
        copy_staged(self._redshift, run_id, events, resources.COPY_ROLE_ARN)
        copied = time.perf_counter() - began
        copy_staged(self._redshift, run_id, manifests, resources.COPY_ROLE_ARN)
        _publish(self._redshift, run_id)
        self.whole.append(time.perf_counter() - began)
        return copied + _spent_in("sp_merge_fact_events")

    def theirs(self) -> float:
        with psycopg.connect(self._dsn, autocommit=True) as database:
            database.execute("TRUNCATE public.staged")
        began = time.perf_counter()
        psql(self._dsn, f"\\copy public.staged FROM '{self._file}' (FORMAT csv)", self._merge)
        return time.perf_counter() - began

    def _write(self, events: pa.Table) -> None:
        pa_csv.write_csv(events, self._file, pa_csv.WriteOptions(include_header=False))


def _publish(redshift: RedshiftData, run_id: str) -> None:
    audit(redshift, run_id)
    publish(redshift, PIPELINE, run_id, 1)


def _spent_in(procedure: str) -> float:
    """Seconds that the latest publication spent in one of its procedures, as the Data API reports."""
    api = boto3.client("redshift-data")
    for listed in api.list_statements()["Statements"]:
        for part in api.describe_statement(Id=listed["Id"]).get("SubStatements", []):
            if procedure in part["QueryString"]:
                return part["Duration"] / 1e9
    raise LookupError(f"no statement called {procedure}")


def _hand_written(database: psycopg.Connection) -> str:
    """A MERGE of all columns, as somebody would write it for this table."""
    names = _columns(database, "public", "facts")
    own = {"first_seen_on", "last_seen_on", "first_seen_date_key", "last_seen_date_key"}
    plain = [name for name in names if name not in own and not name.endswith("_sk")]
    joins = " ".join(
        f"LEFT JOIN ticketmaster.dim_{key} AS {key} ON s.{key}_id = {key}.{key}_id"
        + (f" AND {key}.valid_from <= s.observed_on AND {key}.valid_to > s.observed_on" if key in _KEYS[:2] else "")
        for key in _KEYS
    )
    keys = ", ".join(f"COALESCE({key}.{key}_sk, 0) AS {key}_sk" for key in _KEYS)
    day = "CAST(TO_CHAR(s.observed_on, 'YYYYMMDD') AS INTEGER)"
    source = (
        f"SELECT {', '.join(f's.{name}' for name in plain)}, {keys}, s.observed_on AS last_seen_on, "
        f"{day} AS last_seen_date_key, s.observed_on AS first_seen_on, {day} AS first_seen_date_key "
        f"FROM public.staged AS s {joins}"
    )
    updated = [name for name in names if name != "event_id" and not name.startswith("first_seen")]
    return (
        f"MERGE INTO public.facts AS f USING ({source}) AS s ON f.event_id = s.event_id "
        f"WHEN MATCHED THEN UPDATE SET {', '.join(f'{name} = s.{name}' for name in updated)} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(names)}) VALUES ({', '.join(f's.{name}' for name in names)})"
    )


def _check_same(dsn: str) -> None:
    """Both ways made the same facts."""
    with psycopg.connect(dsn) as database:
        differing = database.execute(
            "SELECT COUNT(*) FROM (SELECT * FROM ticketmaster.fact_events EXCEPT ALL SELECT * FROM public.facts) AS d"
        ).fetchone()
    assert differing == (0,), differing


def _columns(database: psycopg.Connection, schema: str, table: str) -> list[str]:
    query = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
        "ORDER BY ordinal_position"
    )
    return [str(name) for (name,) in database.execute(query, (schema, table))]
