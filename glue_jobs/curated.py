"""Reads one day of a source's curated tables: through the Glue Data Catalog, and exactly the files of the manifests.

The catalog has a table's location and columns, as the crawler detected them; the contract has the required ones; the
manifests list the day's files. A table is read only if all three agree.
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
_REMEDY = "Run the crawler; if that doesn't help, validate the day (or the older days) again first."


class CatalogMismatch(RuntimeError):
    """The catalog and the contract of a table do not agree; the message names the table and what differs."""


class NotCurated(RuntimeError):
    """The run's data was not validated, or another observation of the day was since; the message has the remedy."""


def spark_schema(contract: type[CuratedRow]) -> str:
    """The schema of a curated table's files in Spark's text form, lineage columns last; all columns may be null."""
    return ", ".join(f"`{column.name}` {column.hive_type}" for column in (*contract.columns(), *LINEAGE))


@dataclass(frozen=True)
class CuratedDay:
    """The curated data of one run. If an entity's source had not changed, its data is that of an earlier run.

    Attributes:
        spark: the session to read with.
        lake: the lake with the files.
        catalog: the catalog that the crawler wrote.
        source: the contracts.
        run: the run.
        manifests: the manifests of all raw entities of the source.
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
            NotCurated: an entity has no manifest for the day, or one of another observation.
        """
        return cls(spark, lake, catalog, source, run, [_manifest(lake, source.name, e, run) for e in source.entities])

    def table(self, name: str, own_entity: str) -> DataFrame:
        """The rows of one curated table, one per key, with the lineage columns and `_entity`.

        Args:
            name: the table.
            own_entity: the raw entity that is the authority on the table's rows.

        Raises:
            CatalogMismatch: the table, its columns or the day's partition in the catalog differ from the contract.
        """
        contract = self.source.table(name)
        written = [manifest for manifest in self.manifests if manifest.rows_of(name)]
        if not written:
            return self.spark.createDataFrame([], f"{spark_schema(contract)}, {ENTITY} string")
        for day in sorted({day for manifest in written for day in manifest.days_of(name)}):
            self._check_catalog(contract, day)
        rows = reduce(DataFrame.unionByName, (self._read(manifest, contract) for manifest in written))
        # One entity's validation writes each key once, so rows of a single entity need no deduplication.
        return one_per_key(rows, contract.key, own_entity) if len(written) > 1 else rows

    def row_bounds(self, name: str) -> tuple[int, int]:
        """The least and the most rows that a table can have with one row per key."""
        counts = [manifest.rows_of(name) for manifest in self.manifests]
        return max(counts), sum(counts)

    def _read(self, manifest: CuratedManifest, contract: type[CuratedRow]) -> DataFrame:
        uris = [self.lake.uri(file.key) for file in manifest.files_of(contract.table) if file.rows]
        reader = self.spark.read.schema(spark_schema(contract)).option("recursiveFileLookup", "true")
        return reader.parquet(*uris).withColumn(ENTITY, sf.lit(manifest.entity))

    def _check_catalog(self, contract: type[CuratedRow], day: date) -> None:
        """Check the table and its partition of a day against the contract."""
        database = resources.curated_database(self.source.name)
        title = f"{database}.{contract.table}"
        try:
            table = self.catalog.table(database, contract.table)
            partition = self.catalog.partition(database, contract.table, [day.isoformat()])
        except NotFound as error:
            raise CatalogMismatch(f"{title}: the catalog lacks it, or its partition {day}. {_REMEDY}") from error
        differences = [
            *self._differences_of_table(table, contract),
            *_moved(partition.location, self.lake.uri(layout.curated_prefix(self.source.name, contract.table, day))),
            *(_differences_of_columns(partition.columns, contract) if partition.columns else ()),
        ]
        if differences:
            raise CatalogMismatch(f"{title}, partition {day}: {'; '.join(dict.fromkeys(differences))}. {_REMEDY}")

    def _differences_of_table(self, table: CatalogTable, contract: type[CuratedRow]) -> list[str]:
        differences = _moved(table.location, self.lake.uri(layout.curated_root(self.source.name, contract.table)))
        if table.partition_keys != (PARTITION_KEY,):
            keys = ", ".join(f"{key.name} {key.type}" for key in table.partition_keys) or "nothing"
            differences.append(f"is partitioned by {keys}, not by {PARTITION_KEY.name} {PARTITION_KEY.type}")
        return differences + _differences_of_columns(table.columns, contract)


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


def _moved(actual: str, expected: str) -> list[str]:
    return [] if actual.rstrip("/") == expected.rstrip("/") else [f"is in {actual}, not in {expected}"]


def _differences_of_columns(columns: Sequence[CatalogColumn], contract: type[CuratedRow]) -> list[str]:
    """The differences in names and types of columns. Their order doesn't matter: Parquet is read by name."""
    types = {column.name: column.type for column in columns}
    expected = {column.name: column.hive_type for column in (*contract.columns(), *LINEAGE)}
    wrong = [f"{name} is {types.get(name, 'missing')}, not {kind}" for name, kind in expected.items()]
    return [
        *(text for text, (name, kind) in zip(wrong, expected.items(), strict=True) if types.get(name) != kind),
        *(f"{name} is not in the contract" for name in types if name not in expected),
    ]
