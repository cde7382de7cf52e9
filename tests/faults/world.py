"""The world that a run works on: what of it must equal an undisturbed run's, and what must not be left over."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pyarrow.parquet as pq

from aws_services import resources
from aws_services.glue_catalog import GlueCatalog
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from lake.store import Lake
from tests.fixtures.warehouse import empty
from warehouse.refresh import materialized_views
from warehouse.stars import Star, star_of

PREFIXES = ("raw/", "curated/", "quarantine/", "staging/", "state/")
# What differs between two runs that did the same: moments, and how often it was tried.
_OF_THE_LEDGER = {"started_at", "finished_at", "published_at", "recorded_at", "checked_at", "seen_at"} | {
    "dag_run_id",
    "fence",
    "requests",
}
_OF_A_SUMMARY = {"generated_at"}
_BOOKS = ("runs", "run_tables", "data_quality_results", "quality_scores", "schema_drift", "run_dates")

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class World:
    """The lake, the catalog and the warehouse of one pipeline."""

    pipeline: str
    lake: Lake = field(default_factory=lambda: Lake(S3(), resources.LAKE_BUCKET))
    redshift: RedshiftData = field(default_factory=RedshiftData)

    @property
    def star(self) -> Star:
        """What the pipeline loads."""
        return star_of(self.pipeline)

    def empty(self) -> None:
        """Back to where nothing was ever run."""
        empty(self.redshift)
        for prefix in PREFIXES:
            self.lake.s3.delete_prefix(self.lake.bucket, prefix)
        glue = boto3.client("glue")
        for database in resources.DATABASES:
            for table in GlueCatalog().tables(database):
                glue.delete_table(DatabaseName=database, Name=table.name)

    def warehouse(self) -> dict[str, Rows]:
        """Every table and data product, and the books, with surrogate keys replaced by what they stand for."""
        return self.served() | {name: self._rows(name, {}) for name in (f"etl.{book}" for book in _BOOKS)}

    def served(self) -> dict[str, Rows]:
        """Every table and data product that readers see, with surrogate keys replaced by what they stand for."""
        keys = {f"{name}_sk": self._members(name) for name in ("venue", "attraction", "classification", "market")}
        tables = [f"{self.star.name}.{name}" for name in self._tables()] + materialized_views(self.star)
        return {name: self._rows(name, keys) for name in tables}

    def lake_content(self) -> dict[str, Any]:
        """Raw bytes and curated rows by key; not the moments at which they were written."""
        content: dict[str, Any] = {}
        for prefix in ("raw/", "curated/", "quarantine/"):
            for found in self.lake.list(prefix):
                if found.key.endswith(".parquet"):
                    table = pq.read_table(io.BytesIO(self.lake.get(found.key)))
                    content[found.key] = table.drop_columns(["_ingested_at"]).to_pylist()
                elif not found.key.endswith("_manifest.json"):
                    content[found.key] = self.lake.get(found.key)
        return content

    def _members(self, name: str) -> dict[int, tuple[Any, ...]]:
        """What each surrogate key of a dimension stands for: the natural key, and since when."""
        since = "valid_from" if name in ("venue", "attraction") else "first_seen_on"
        rows = self.redshift.execute(f"SELECT {name}_sk, {name}_id, {since} FROM {self.star.name}.dim_{name}")
        return {row[f"{name}_sk"]: (row[f"{name}_id"], row[since]) for row in rows}

    def _tables(self) -> list[str]:
        rows = self.redshift.execute(
            "SELECT table_name FROM information_schema.tables "
            f"WHERE table_schema = '{self.star.name}' AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        return [row["table_name"] for row in rows]

    def _rows(self, table: str, keys: dict[str, dict[int, tuple[Any, ...]]]) -> Rows:
        rows = self.redshift.execute(f"SELECT * FROM {table}")
        names = sorted(set(rows.columns) - (_OF_THE_LEDGER if table.startswith("etl.") else _OF_A_SUMMARY))
        return sorted((tuple(keys[n][row[n]] if n in keys else row[n] for n in names) for row in rows), key=repr)


def leftovers(world: World, folder: Path) -> list[str]:
    """What a finished run must not leave behind, in words.

    Args:
        world: where to look.
        folder: the temporary directory of the run's processes.
    """
    return [*_in_the_warehouse(world), *_in_the_lake(world), *_in_glue(world), *_on_disk(folder)]


def _in_the_warehouse(world: World) -> Iterator[str]:
    for table in world.star.staged:
        if rows := world.redshift.execute(f"SELECT run_id FROM staging.{table}"):
            yield f"staging.{table} holds {len(rows)} rows"
    for run in world.redshift.execute("SELECT run_id FROM etl.runs WHERE status = 'running' OR finished_at IS NULL"):
        yield f"{run['run_id']} is open in the ledger"


def _in_the_lake(world: World) -> Iterator[str]:
    lake = world.lake
    keys = {prefix: {found.key for found in lake.list(prefix)} for prefix in PREFIXES}
    listed = {key for key in keys["raw/"] | keys["curated/"] if key.endswith("/_manifest.json")}
    for key in sorted(listed):
        manifest, folder = lake.read_json(key), key.removesuffix("_manifest.json")
        if key.startswith("raw/"):
            listed |= {folder + raw["name"].partition("/")[2] for raw in manifest["objects"]}
        else:
            listed |= {file["key"] for file in manifest["files"]} | set(manifest["quarantine"])
    for key in sorted(key for key in keys["staging/"] if key.endswith(".manifest")):
        listed |= {key} | {lake.key_of(entry["url"]) for entry in lake.read_json(key)["entries"]}
    for key in sorted(set().union(*(keys[prefix] for prefix in PREFIXES if prefix != "state/")) - listed):
        yield f"{key} is in no manifest"
    for key in keys["state/"]:
        if "/locks/" in key and lake.read_json(key)["released_at"] is None:
            yield f"{key} is held"
        if "/runs/" in key and lake.read_json(key)["status"] != "succeeded":
            yield f"{key} is {lake.read_json(key)['status']}"
    for upload in boto3.client("s3").list_multipart_uploads(Bucket=lake.bucket).get("Uploads", ()):
        yield f"an upload of {upload['Key']} is unfinished"


def _in_glue(world: World) -> Iterator[str]:
    glue = boto3.client("glue")
    for run in glue.get_job_runs(JobName=resources.TICKETMASTER_JOB.name)["JobRuns"]:
        if run["JobRunState"] not in ("SUCCEEDED", "FAILED", "STOPPED"):
            yield f"job run {run['Id']} is {run['JobRunState']}"
    for database in resources.DATABASES:
        catalogued = set()
        for table in GlueCatalog().tables(database):
            for partition in glue.get_partitions(DatabaseName=database, TableName=table.name)["Partitions"]:
                catalogued.add(world.lake.key_of(partition["StorageDescriptor"]["Location"].rstrip("/") + "/"))
        layer = "raw/" if database == resources.raw_database("ticketmaster") else "curated/"
        data = (found.key for found in world.lake.list(layer))
        with_data = {key.rpartition("/")[0] + "/" for key in data if not key.endswith("_manifest.json")}
        yield from (
            f"partition {one} has no files" for one in catalogued if not any(p.startswith(one) for p in with_data)
        )
        yield from (f"{one} has no partition" for one in with_data if not any(one.startswith(p) for p in catalogued))


def _on_disk(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield f"{path} is left on disk"
