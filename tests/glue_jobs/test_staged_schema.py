"""What is staged has the columns of the staging tables, in their order and types: COPY goes by position."""

from __future__ import annotations

import importlib
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_jobs.transforms.rows import staged
from glue_jobs.transforms.ticketmaster.star import EVENTS, VENUES
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
_ADDED = re.compile(r"ALTER TABLE staging\.(\w+) ADD COLUMN (.*);")
_COLUMN = re.compile(r'^\s*"?(\w+)"? (VARCHAR|DECIMAL\(\d+, ?\d+\)|DOUBLE PRECISION|[A-Z]+)')


def transforms_of(star):
    """The module with the staged tables of a star."""
    return importlib.import_module(f"glue_jobs.transforms.{star.name}.star")


def declared(star):
    """Columns with their types of every table that a star stages, as its migrations create and widen them."""
    script = "\n".join(file.text for file in star.sql_files("migrations"))
    lines = {table: body.strip("\n").split("\n") for table, body in _TABLE.findall(script)}
    for table, column in _ADDED.findall(script):
        lines[table].append(column)
    return {
        table: [
            (column[1], PARQUET_OF[column[2].replace(", ", ",")]) for line in body if (column := _COLUMN.match(line))
        ]
        for table, body in lines.items()
        if table not in star.work
    }


@pytest.fixture(scope="module")
def parquet_schemas(spark, tmp_path_factory):
    """The schema of the Parquet files that Spark writes for every staged table of every star."""
    folder = tmp_path_factory.mktemp("staged")
    found = {}
    for star in stars():
        tables = curated(spark, {}, get_source(star.name))
        for table, rows in transforms_of(star).star(tables).items():
            path = folder / table.name
            staged(rows, table, "run-1", date(2026, 11, 20)).write.parquet(str(path))
            (file,) = path.glob("*.parquet")
            found[table.name] = pq.read_schema(file)
    return found


@pytest.mark.parametrize("star", stars(), ids=lambda star: star.name)
def test_every_staging_table_is_staged_and_no_other(star):
    assert {table.name for table in transforms_of(star).STAGED_TABLES} == set(star.staged) == set(declared(star))


@pytest.mark.parametrize(("star", "table"), STAGED, ids=[table for _, table in STAGED])
def test_parquet_columns_are_the_tables_columns_by_position(parquet_schemas, star, table):
    schema = parquet_schemas[table]
    assert list(zip(schema.names, schema.types, strict=True)) == declared(star)[table]


def test_what_changes_by_itself_stays_out_of_the_fingerprint():
    assert "upcoming_events" not in VENUES.hashed
    assert set(EVENTS.columns) - set(EVENTS.hashed) == {"row_hash"}


VERSIONED = [(star, each) for star in stars() for each in star.dimensions if each.history == "versioned"]


@pytest.mark.parametrize(("star", "dimension"), VERSIONED, ids=[each.name for _, each in VERSIONED])
def test_a_version_begins_where_the_fingerprint_changes_and_nowhere_else(star, dimension):
    (table,) = (each for each in transforms_of(star).STAGED_TABLES if each.name == f"{star.name}_{dimension.name}s")
    assert table.hashed == (f"{dimension.name}_id", *dimension.columns.split())
    assert table.volatile == set(dimension.volatile.split())
