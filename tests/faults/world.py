"""The world that a run works on: what of it must equal an undisturbed run's, and what must not be left over."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pyarrow.parquet as pq

from aws_services import resources
from aws_services.glue_catalog import GlueCatalog
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from lake import layout
from lake.manifests import CuratedManifest, RawManifest
from lake.store import Lake
from warehouse.refresh import materialized_views
from warehouse.stars import Star, star_of

# What differs between two runs that did the same: moments, and how often it was tried.
_OF_THE_LEDGER = {"started_at", "finished_at", "published_at", "recorded_at", "checked_at", "seen_at"} | {
    "dag_run_id",
    "fence",
    "requests",
}
_OF_A_SUMMARY = {"generated_at"}
_OF_A_MANIFEST = {"started_at", "finished_at", "requests", "quota_left", "size"}
_BOOKS = ("runs", "run_tables", "data_quality_results", "quality_scores", "schema_drift", "rejects", "run_dates")

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class World:
    """The lake, the catalog and the warehouse of one pipeline; what other pipelines have there is not looked at.

    Attributes:
        pipeline: the pipeline.
        source: the source that it reads.
        job: its Glue job.
        stand_for: the column that, with the natural key, identifies the row of a surrogate key, by dimension. Surrogate
            keys of other dimensions are compared as they are.
    """

    pipeline: str
    source: str
    job: str
    stand_for: Mapping[str, str] = field(default_factory=dict)
    lake: Lake = field(default_factory=lambda: Lake(S3(), resources.LAKE_BUCKET))
    redshift: RedshiftData = field(default_factory=RedshiftData)

    @property
    def star(self) -> Star:
        """The star that the pipeline loads."""
        return star_of(self.pipeline)

    @property
    def databases(self) -> tuple[str, str]:
        """The source's databases in the catalog, of raw and of curated data."""
        return resources.raw_database(self.source), resources.curated_database(self.source)

    def keys(self, *layers: str) -> list[str]:
        """Keys of all objects, or of some prefixes of the lake."""
        layers = layers or ("raw/", "curated/", "quarantine/", "staging/", "state/")
        own = (f"/{self.source}/", f"/{self.pipeline}/", f"/{self.pipeline}.json")
        all_keys = (entry.key for layer in layers for entry in self.lake.list(layer))
        return [key for key in all_keys if any(name in key for name in own)]

    def empty(self) -> None:
        """Back to where nothing was ever run."""
        self.lake.delete(self.keys())
        for database in self.databases:
            for table in GlueCatalog().tables(database):
                boto3.client("glue").delete_table(DatabaseName=database, Name=table.name)
        self.redshift.batch(
            [f"DELETE FROM staging.{table}" for table in self.star.staged]
            + [f"DELETE FROM {self.star.name}.{name}{_own_members(name)}" for name in self._tables()]
            + [
                f"DELETE FROM etl.{name} WHERE {self._own_rows(name)}"
                for name in (*_BOOKS, "etl_log", "fences", "run_steps")
            ]
        )

    def keep(self) -> None:
        """Keep copies of the published data and the ledger, for `back`."""
        copies = [f"CREATE TABLE kept.{name} AS SELECT * FROM {self.star.name}.{name}" for name in self._tables()]
        books = [
            f"CREATE TABLE kept.{name} AS SELECT * FROM etl.{name} WHERE {self._own_rows(name)}" for name in _BOOKS
        ]
        self.redshift.batch(["CREATE SCHEMA kept", *copies, *books])

    def back(self, *forgotten: date) -> None:
        """Back to where the world was when it was kept: these later days were never run."""
        days = [day.isoformat() for day in forgotten]
        self.lake.delete([key for key in self.keys() if any(day in key for day in days)])
        glue = boto3.client("glue")
        for database, table, values, _ in list(self.partitions()):
            if values[0] in days:
                glue.delete_partition(DatabaseName=database, TableName=table, PartitionValues=values)
        restored = {f"{self.star.name}.{name}": "" for name in self._tables()}
        restored |= {f"etl.{name}": f" WHERE {self._own_rows(name)}" for name in _BOOKS}
        self.redshift.batch([f"DELETE FROM {table}{condition}" for table, condition in restored.items()])
        self.redshift.batch([f"INSERT INTO {name} SELECT * FROM kept.{name.partition('.')[2]}" for name in restored])

    def forget_kept(self) -> None:
        """Drop the copies."""
        self.redshift.execute("DROP SCHEMA IF EXISTS kept CASCADE")

    def warehouse(self) -> dict[str, Rows]:
        """Every table, data product and ledger table, with surrogate keys replaced by the row that they refer to."""
        return self.served() | {f"etl.{book}": self._rows(f"etl.{book}", self._own_rows(book)) for book in _BOOKS}

    def served(self) -> dict[str, Rows]:
        """Every table and data product that readers see, with surrogate keys replaced by the row that they refer to."""
        keys = {f"{name}_sk": self._members(name, since) for name, since in self.stand_for.items()}
        tables = [f"{self.star.name}.{name}" for name in self._tables()] + materialized_views(self.star)
        return {name: self._rows(name, keys=keys) for name in tables}

    def lake_content(self) -> dict[str, Any]:
        """Raw bytes, curated rows and manifests by key; not the moments at which they were written."""
        content: dict[str, Any] = {}
        for key in self.keys("raw/", "curated/", "quarantine/"):
            if key.endswith(".parquet"):
                table = pq.read_table(io.BytesIO(self.lake.get(key)))
                content[key] = table.drop_columns(["_ingested_at"]).to_pylist()
            elif key.endswith("_manifest.json"):
                content[key] = _timeless(self.lake.read_json(key))
            else:
                content[key] = self.lake.get(key)
        return content

    def partitions(self) -> Iterator[tuple[str, str, list[str], str]]:
        """Database, table, values and location of every partition in the catalog."""
        glue = boto3.client("glue")
        for database in self.databases:
            for table in GlueCatalog().tables(database):
                for partition in glue.get_partitions(DatabaseName=database, TableName=table.name)["Partitions"]:
                    yield database, table.name, partition["Values"], partition["StorageDescriptor"]["Location"]

    def _own_rows(self, book: str) -> str:
        of_pipelines = ("runs", "fences", "run_dates")
        return f"pipeline = '{self.pipeline}'" if book in of_pipelines else f"run_id LIKE '{self.pipeline}-%'"

    def _members(self, name: str, since: str) -> dict[int, tuple[Any, ...]]:
        """The row of each surrogate key of a dimension: its natural key, and the start of the version."""
        rows = self.redshift.execute(f"SELECT {name}_sk, {name}_id, {since} FROM {self.star.name}.dim_{name}")
        return {row[f"{name}_sk"]: (row[f"{name}_id"], row[since]) for row in rows}

    def _tables(self) -> list[str]:
        rows = self.redshift.execute(
            "SELECT table_name FROM information_schema.tables "
            f"WHERE table_schema = '{self.star.name}' AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        return [row["table_name"] for row in rows]

    def _rows(self, table: str, condition: str = "TRUE", keys: Mapping[str, Mapping[int, Any]] | None = None) -> Rows:
        rows, keys = self.redshift.execute(f"SELECT * FROM {table} WHERE {condition}"), keys or {}
        names = sorted(set(rows.columns) - (_OF_THE_LEDGER if table.startswith("etl.") else _OF_A_SUMMARY))
        return sorted((tuple(keys[n][row[n]] if n in keys else row[n] for n in names) for row in rows), key=repr)


def _own_members(table: str) -> str:
    return f" WHERE {table.removeprefix('dim_')}_sk <> 0" if table.startswith("dim_") else ""


def _timeless(manifest: Any) -> Any:
    """A manifest without times, the sizes that depend on them, and requests, whose number depends on the attempts.

    Lists are sorted, because slices are listed in the order that threads finished them.
    """
    if isinstance(manifest, dict):
        return {name: _timeless(value) for name, value in manifest.items() if name not in _OF_A_MANIFEST}
    return sorted(map(_timeless, manifest), key=repr) if isinstance(manifest, list) else manifest


def leftovers(world: World, folder: Path) -> list[str]:
    """Remains of a finished run that must not exist, as messages.

    Args:
        world: where to look.
        folder: the temporary directory of the run's processes.
    """
    return [*_in_the_warehouse(world), *_in_the_lake(world), *_in_glue(world), *_on_disk(folder)]


def _in_the_warehouse(world: World) -> Iterator[str]:
    for table in world.star.staged:
        if rows := world.redshift.execute(f"SELECT run_id FROM staging.{table}"):
            yield f"staging.{table} holds {len(rows)} rows"
    unfinished = (
        "SELECT run_id FROM etl.runs WHERE pipeline = :pipeline AND (status = 'running' OR finished_at IS NULL)"
    )
    for run in world.redshift.execute(unfinished, {"pipeline": world.pipeline}):
        yield f"{run['run_id']} is open in the ledger"


def _in_the_lake(world: World) -> Iterator[str]:
    lake = world.lake
    listed = set()
    for key in world.keys("raw/"):
        if key.endswith("/_manifest.json"):
            raw = RawManifest.from_dict(lake.read_json(key))
            listed |= {key} | {layout.raw_key(raw.source, raw.landed_by, raw_object.name) for raw_object in raw.objects}
    for key in world.keys("curated/"):
        if key.endswith("/_manifest.json"):
            curated = CuratedManifest.from_dict(lake.read_json(key))
            listed |= {key} | {file.key for file in curated.files} | set(curated.quarantine)
    for key in world.keys("staging/"):
        if key.endswith(".manifest"):
            listed |= {key} | {lake.key_of(entry["url"]) for entry in lake.read_json(key)["entries"]}
    for key in sorted(set(world.keys("raw/", "curated/", "quarantine/", "staging/")) - listed):
        yield f"{key} is in no manifest"
    for key in world.keys("state/"):
        if "/locks/" in key and lake.read_json(key)["released_at"] is None:
            yield f"{key} is held"
        if "/runs/" in key and lake.read_json(key)["status"] != "succeeded":
            yield f"{key} is {lake.read_json(key)['status']}"
    for upload in boto3.client("s3").list_multipart_uploads(Bucket=lake.bucket).get("Uploads", ()):
        yield f"an upload of {upload['Key']} is unfinished"


def _in_glue(world: World) -> Iterator[str]:
    for run in boto3.client("glue").get_job_runs(JobName=world.job)["JobRuns"]:
        if run["JobRunState"] not in ("SUCCEEDED", "FAILED", "STOPPED"):
            yield f"job run {run['Id']} is {run['JobRunState']}"
    raw, curated = world.databases
    for database, layer in ((raw, "raw/"), (curated, "curated/")):
        locations = (
            location for partition_database, _, _, location in world.partitions() if partition_database == database
        )
        catalogued = {world.lake.key_of(location.rstrip("/") + "/") for location in locations}
        data = (key for key in world.keys(layer) if not key.endswith("_manifest.json"))
        with_data = {key.rpartition("/")[0] + "/" for key in data}
        yield from (
            f"partition {prefix} has no files"
            for prefix in catalogued
            if not any(p.startswith(prefix) for p in with_data)
        )
        yield from (
            f"{prefix} has no partition" for prefix in with_data if not any(prefix.startswith(p) for p in catalogued)
        )


def _on_disk(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield f"{path} is left on disk"
