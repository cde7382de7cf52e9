"""Staged files have the columns of the staging tables, in their order and types: COPY goes by position."""

from __future__ import annotations

import importlib
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_jobs import ticketmaster_star
from glue_jobs.transforms.rows import staged
from schemas.registry import get_source
from tests.glue_jobs.frames import curated
from warehouse.stars import stars

STAGED = [(star, table) for star in stars() for table in star.staged]
PARQUET_OF = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE PRECISION": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "DECIMAL(8,2)": pa.decimal128(8, 2),
    "DECIMAL(12,2)": pa.decimal128(12, 2),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
}
_TABLE = re.compile(r"CREATE TABLE staging\.(\w+) \((.*?)\n\)", re.DOTALL)
_COLUMN = re.compile(r'^\s*"?(\w+)"? (VARCHAR|DECIMAL\(\d+, ?\d+\)|DOUBLE PRECISION|[A-Z]+)')


def job_of(star):
    """The tables and transforms of a star's Glue job."""
    return importlib.import_module(f"glue_jobs.{star.name}_star").JOB


def declared(star):
    """Columns with their types of every staging table of a star, as a new warehouse has them."""
    script = "\n".join(table.create() for table in star.declared_tables)
    return {
        table: [
            (column[1], PARQUET_OF[column[2].replace(", ", ",")])
            for line in body.strip("\n").split("\n")
            if (column := _COLUMN.match(line))
        ]
        for table, body in _TABLE.findall(script)
    }


@pytest.fixture(scope="module")
def parquet_schemas(spark, tmp_path_factory):
    """The schema of the Parquet files that Spark writes for every staged table of every star."""
    folder = tmp_path_factory.mktemp("staged")
    schemas = {}
    for star in stars():
        tables = curated(spark, {}, get_source(star.name))
        rows = job_of(star).build(tables)
        for name, table in job_of(star).tables.items():
            path = folder / table.name
            staged(rows[name], table, "run-1", date(2026, 11, 20)).write.parquet(str(path))
            (file,) = path.glob("*.parquet")
            schemas[table.name] = pq.read_schema(file)
    return schemas


@pytest.mark.parametrize("star", stars(), ids=lambda star: star.name)
def test_every_staging_table_is_staged_and_no_other(star):
    assert {table.name for table in job_of(star).tables.values()} == set(star.staged) == set(declared(star))


@pytest.mark.parametrize(("star", "table"), STAGED, ids=[table for _, table in STAGED])
def test_parquet_columns_are_the_tables_columns_by_position(parquet_schemas, star, table):
    schema = parquet_schemas[table]
    assert list(zip(schema.names, schema.types, strict=True)) == declared(star)[table]


def test_what_changes_by_itself_stays_out_of_the_fingerprint():
    tables = ticketmaster_star.JOB.tables
    assert "upcoming_events" not in tables["venues"].hashed
    assert set(tables["events"].columns) - set(tables["events"].hashed) == {"row_hash"}


VERSIONED = [(star, dimension) for star in stars() for dimension in star.dimensions if dimension.history == "versioned"]


@pytest.mark.parametrize(("star", "dimension"), VERSIONED, ids=[dimension.name for _, dimension in VERSIONED])
def test_a_version_begins_where_the_fingerprint_changes_and_nowhere_else(star, dimension):
    table = job_of(star).tables[dimension.curated]
    assert table.hashed == (f"{dimension.name}_id", *dimension.names)
    assert table.volatile == set(dimension.volatile_names)
