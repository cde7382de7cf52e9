"""Reads one day of a source's curated tables: through the Glue Data Catalog, and exactly the files of the manifests.

The catalog says where a table lies and of which columns it is, as the crawler found them; the contract says what they
must be; the manifests say which of the files are the day's. Only where all three agree is anything read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame, SparkSession

from aws_services import resources
from aws_services.errors import NotFound
from aws_services.glue_catalog import CatalogColumn, CatalogTable, GlueCatalog
from glue_jobs.transforms.rows import ENTITY, one_per_key
from lake import layout
from lake.layout import RunId
from lake.manifests import CuratedManifest
from lake.store import Lake
from schemas.contract import LINEAGE, CuratedRow
from schemas.source import Source

PARTITION_KEY = CatalogColumn("ingest_date", "string")
_REMEDY = "Run the crawler; if that changes nothing, validate the day (or the older days) again first."


class CatalogMismatch(RuntimeError):
    """The catalog and the contract of a table do not agree; the message names the table and what differs."""


class NotCurated(RuntimeError):
    """The run's data was not validated, or another observation of the day was since; the message says what to run."""


def spark_schema(contract: type[CuratedRow]) -> str:
    """The schema of a curated table's files as Spark reads it from text, lineage columns last; all may be null."""
    return ", ".join(f"`{column.name}` {column.hive_type}" for column in (*contract.columns(), *LINEAGE))


@dataclass(frozen=True)
class CuratedDay:
    """What one run validated, table by table; of what its source had as before, what an earlier run validated.

    Attributes:
        spark: the session to read with.
        lake: where the files are.
        catalog: where the crawler wrote what it found.
        source: the contracts.
        run: the run.
        manifests: of every raw entity of the source.
    """

    spark: SparkSession
    lake: Lake
    catalog: GlueCatalog
    source: Source
    run: RunId
    manifests: Sequence[CuratedManifest]

    @classmethod
    def open(cls, spark: SparkSession, lake: Lake, catalog: GlueCatalog, source: Source, run: RunId) -> CuratedDay:
        """Read the manifests of a run.

        Raises:
            NotCurated: an entity has none for the day, or one of another observation.
        """
        return cls(spark, lake, catalog, source, run, [_manifest(lake, source.name, e, run) for e in source.entities])

    def table(self, name: str, own_entity: str) -> DataFrame:
        """The rows of one curated table, one per key, with the lineage columns and `_entity`.

        Args:
            name: of the table.
            own_entity: the raw entity that is the authority on the table's rows.

        Raises:
            CatalogMismatch: the catalog has the table, its columns or the day's partition not as the contract has.
        """
        contract = self.source.table(name)
        written = [manifest for manifest in self.manifests if manifest.rows_of(name)]
        if not written:
            return self.spark.createDataFrame([], f"{spark_schema(contract)}, {ENTITY} string")
        for day in sorted({day for manifest in written for day in manifest.days_of(name)}):
            self._check_catalog(contract, day)
        rows = reduce(DataFrame.unionByName, (self._read(manifest, contract) for manifest in written))
        # one entity's validation writes a key once, so that rows of one entity need no comparing
        return one_per_key(rows, contract.key, own_entity) if len(written) > 1 else rows

    def row_bounds(self, name: str) -> tuple[int, int]:
        """The least and the most rows that a table can have once there is one row per key."""
        counts = [manifest.rows_of(name) for manifest in self.manifests]
        return max(counts), sum(counts)

    def _read(self, manifest: CuratedManifest, contract: type[CuratedRow]) -> DataFrame:
        uris = [self.lake.uri(file.key) for file in manifest.files_of(contract.table) if file.rows]
        reader = self.spark.read.schema(spark_schema(contract)).option("recursiveFileLookup", "true")
        return reader.parquet(*uris).withColumn(ENTITY, sf.lit(manifest.entity))

    def _check_catalog(self, contract: type[CuratedRow], day: date) -> None:
        """Hold the table, and a day's partition of it, against the contract."""
        database = resources.curated_database(self.source.name)
        title = f"{database}.{contract.table}"
        try:
            found = self.catalog.table(database, contract.table)
            partition = self.catalog.partition(database, contract.table, [day.isoformat()])
        except NotFound as error:
            raise CatalogMismatch(f"{title}: the catalog lacks it, or its partition {day}. {_REMEDY}") from error
        differences = [
            *self._differences_of_table(found, contract),
            *_moved(partition.location, self.lake.uri(layout.curated_prefix(self.source.name, contract.table, day))),
            *(_differences_of_columns(partition.columns, contract) if partition.columns else ()),
        ]
        if differences:
            raise CatalogMismatch(f"{title}, partition {day}: {'; '.join(dict.fromkeys(differences))}. {_REMEDY}")

    def _differences_of_table(self, found: CatalogTable, contract: type[CuratedRow]) -> list[str]:
        differences = _moved(found.location, self.lake.uri(layout.curated_root(self.source.name, contract.table)))
        if found.partition_keys != (PARTITION_KEY,):
            keys = ", ".join(f"{key.name} {key.type}" for key in found.partition_keys) or "nothing"
            differences.append(f"is partitioned by {keys}, not by {PARTITION_KEY.name} {PARTITION_KEY.type}")
        return differences + _differences_of_columns(found.columns, contract)


def _manifest(lake: Lake, source: str, entity: str, run: RunId) -> CuratedManifest:
    try:
        manifest = CuratedManifest.read(lake, source, entity, run.business_date)
    except NotFound as error:
        raise NotCurated(f"{source} {entity} of {run.business_date} was not validated: run task 'validate'") from error
    if manifest.run != run:
        raise NotCurated(
            f"{source} {entity} of {run.business_date} was last validated for run {manifest.run}, not for {run}: "
            "run task 'validate' of the run that is to be loaded"
        )
    return manifest


def _moved(found: str, expected: str) -> list[str]:
    return [] if found.rstrip("/") == expected.rstrip("/") else [f"lies in {found}, not in {expected}"]


def _differences_of_columns(found: Sequence[CatalogColumn], contract: type[CuratedRow]) -> list[str]:
    """How the names and types of columns differ; their order does not matter, Parquet is read by name."""
    types = {column.name: column.type for column in found}
    expected = {column.name: column.hive_type for column in (*contract.columns(), *LINEAGE)}
    wrong = [f"{name} is {types.get(name, 'missing')}, not {kind}" for name, kind in expected.items()]
    return [
        *(text for text, (name, kind) in zip(wrong, expected.items(), strict=True) if types.get(name) != kind),
        *(f"{name} is not in the contract" for name in types if name not in expected),
    ]
