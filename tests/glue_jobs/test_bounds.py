"""Every later stage can read the values that a contract accepts: the bounds of a type are the same from end to end.

Values at and beyond the edges of every column of every contract that is registered are put to the contract. Those that
it accepts go through the writer of curated files, a Glue job's reader and staging, and COPY, and must come back equal:
once into columns of the types that the contract declares, and once through each star into its own staging tables.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from aws_services import resources
from aws_services.glue_catalog import GlueCatalog
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from glue_jobs.curated import CuratedDay
from glue_jobs.staging import stage
from glue_jobs.transforms.rows import StagedTable
from infra.local_aws import LocalAws
from infra.stack.local_resources import provision
from lake.curated import Lineage, TableWriter
from lake.layout import RunId
from lake.store import Lake
from schemas.contract import CuratedRow
from schemas.registry import get_source, source_names
from schemas.source import Source
from tests.glue_jobs import extremes
from warehouse.load import copy_staged
from warehouse.migrate import migrate
from warehouse.stars import Star, stars

pytestmark = pytest.mark.service

DAY = date(2026, 11, 20)
NAMES = [(name, name) for name in source_names()]
STARS = [(star.name, star) for star in stars()]
DERIVED = {
    *("is_primary", "is_time_tba", "start_local_at", "non_show_reason"),
    # of an attraction: as the classification tree names them
    *("segment_name", "genre_name", "subgenre_name", "type_name", "subtype_name"),
}
"""Columns of the stars that differ from the curated column of the same name."""


def all_columns(source: Source) -> type[CuratedRow]:
    """A contract with the columns of all contracts of a source: one file and one COPY prove them all."""
    columns = {
        f"{table}_{name}": extremes.declared(field)
        for table, contract in source.tables.items()
        for name, field in contract.model_fields.items()
    }
    constants: dict[str, Any] = {"table": ClassVar[str], "key": ClassVar[tuple[str, ...]]}
    body = {"__module__": __name__, "__annotations__": constants | columns, "table": "bounds", "key": ()}
    return type(CuratedRow)("AllColumns", (CuratedRow,), body)


class Pipeline:
    """From rows of a contract to the warehouse, by the parts that the pipelines use."""

    def __init__(self, lake: Lake, spark: Any, source: Source, directory: Path) -> None:
        self.lake, self.run = lake, RunId("bounds", DAY)
        self._day = CuratedDay(spark, lake, GlueCatalog(), source, self.run, [])
        self._directory = directory

    def curated(self, contract: type[CuratedRow], rows: Sequence[CuratedRow]) -> Any:
        """The rows as a Glue job reads them, after they were written as validation writes them."""
        writer = TableWriter(contract, self._directory, Lineage(str(self.run), datetime(2026, 11, 20, tzinfo=UTC)))
        for row in rows:
            writer.add(row, "s3://lake/raw/p0")
        (file,) = writer.close()
        key = f"curated/bounds/{contract.table}/0.parquet"
        self.lake.put(key, file.path.read_bytes())
        manifest: Any = SimpleNamespace(entity="all", files_of=lambda table: [SimpleNamespace(key=key, rows=file.rows)])
        return self._day._read(manifest, contract)


@pytest.fixture
def pipeline(local_aws: LocalAws, spark: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pipeline]:
    """The parts of a source's pipeline on the lake that COPY's role may read."""
    provision(local_aws.url)
    lake = Lake(S3(), resources.LAKE_BUCKET)
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme")
    directory = local_aws.state_dir / "s3" / lake.bucket
    hadoop.set(f"fs.viewfs.mounttable.{lake.bucket}.linkFallback", f"file://{directory}/")
    yield Pipeline(lake, spark, get_source(request.param), tmp_path)
    spark.catalog.clearCache()
    for prefix in ("curated/bounds/", "staging/bounds/"):
        lake.s3.delete_prefix(lake.bucket, prefix)


@pytest.mark.parametrize(("pipeline", "name"), NAMES, indirect=["pipeline"], ids=source_names())
def test_what_a_contract_accepts_comes_back_equal_from_the_warehouse(pipeline: Pipeline, name: str) -> None:
    contract = all_columns(get_source(name))
    rows = extremes.rows(contract)
    columns = contract.columns()
    table = StagedTable(
        f"bounds_{name}", {**{column.name: column.hive_type for column in columns}, "_row_hash": "string"}
    )
    done = stage(pipeline.curated(contract, rows), table, pipeline.run, pipeline.lake)
    redshift = RedshiftData()
    declared = ", ".join(f"{column.name} {column.redshift_type}" for column in columns)
    redshift.execute(
        f"CREATE TABLE {table.name} (run_id VARCHAR(128), observed_on DATE, {declared}, _row_hash VARCHAR(64))"
    )
    try:
        role = resources.COPY_ROLE_ARN
        redshift.execute(f"COPY {table.name} FROM '{done.manifest_uri}' IAM_ROLE '{role}' FORMAT AS PARQUET MANIFEST")
        loaded = {row["_row_hash"]: row for row in redshift.execute(f"SELECT * FROM {table.name}")}
    finally:
        redshift.execute(f"DROP TABLE {table.name}")
    assert done.rows == len(rows) > 30
    for row in rows:
        loaded_row = loaded[row.row_hash()]
        for column in columns:
            sent = extremes.stored(getattr(row, column.name))
            assert loaded_row[column.name] == sent, f"{column.name} {column.redshift_type}: {sent!r}"


@pytest.mark.parametrize(("pipeline", "star"), STARS, indirect=["pipeline"], ids=[star.name for star in stars()])
def test_what_a_contract_accepts_is_staged_by_its_star(pipeline: Pipeline, star: Star) -> None:
    redshift, source = RedshiftData(), get_source(star.name)
    migrate(redshift)
    job = importlib.import_module(f"glue_jobs.{star.name}_star").JOB
    sent = {table: extremes.rows(source.table(table)) for table in job.curated}
    curated = {table: pipeline.curated(source.table(table), rows).cache() for table, rows in sent.items()}
    built = job.build(curated)
    tables = job.tables
    done = {
        table.name: stage(built[name], table, pipeline.run, pipeline.lake).manifest_uri
        for name, table in tables.items()
    }
    copy_staged(redshift, str(pipeline.run), done, resources.COPY_ROLE_ARN)
    run = {"run_id": str(pipeline.run)}
    try:
        for table in (candidate for candidate in tables.values() if candidate.row_per):
            staged = redshift.execute(f"SELECT * FROM staging.{table.name} WHERE run_id = :run_id", run)
            _compare(sent[table.row_per], staged, {*table.columns} - DERIVED)
    finally:
        for name in done:
            redshift.execute(f"DELETE FROM staging.{name} WHERE run_id = :run_id", run)


def _compare(sent: Sequence[CuratedRow], loaded: Sequence[Mapping[str, Any]], columns: set[str]) -> None:
    """Compare the staged rows of a table with the curated rows, by the columns that both have."""
    key = type(sent[0]).key
    by_key = {tuple(row[name] for name in key): row for row in loaded}
    assert len(loaded) == len(by_key) == len(sent)
    for row in sent:
        staged = by_key[tuple(getattr(row, name) for name in key)]
        for name in columns & {*type(row).model_fields}:
            assert staged[name] == extremes.stored(getattr(row, name)), name
