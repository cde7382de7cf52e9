"""Staging: Parquet files that COPY takes as they are, and a manifest of exactly these."""

from __future__ import annotations

import io
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_jobs.staging import RowsLost, StagedRows, check_rows, stage
from glue_jobs.transforms.rows import StagedTable
from lake import layout
from lake.layout import RunId

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
TABLE = StagedTable(
    "shows",
    {"show_id": "string", "n": "int", "seen": "bigint", "price": "decimal(12,2)", "at": "timestamp", "ok": "boolean"},
)

pytestmark = pytest.mark.service


@pytest.fixture
def shows(spark):
    return lambda count: spark.range(count).selectExpr(
        "cast(id as string) as show_id",
        "id as n",
        "id as seen",
        "id + 0.25 as price",
        "timestamp'2026-11-20 19:30:00' as at",
        "true as ok",
    )


def staged_files(lake, table):
    manifest = lake.read_json(layout.staging_copy_manifest_key(RUN, table.name))
    return manifest["entries"], [lake.get(lake.key_of(entry["url"])) for entry in manifest["entries"]]


def test_the_manifest_names_every_file_with_its_size(lake, shows):
    done = stage(shows(1000).repartition(3), TABLE, RUN, lake)
    entries, bodies = staged_files(lake, TABLE)
    assert done == StagedRows(
        "shows", 1000, lake.uri("staging/ticketmaster_daily/ticketmaster_daily-2026-11-20/shows.manifest")
    )
    assert len(entries) == 3
    assert all(entry["mandatory"] is True for entry in entries)
    assert [entry["meta"]["content_length"] for entry in entries] == [len(body) for body in bodies]
    assert sum(pq.read_metadata(io.BytesIO(body)).num_rows for body in bodies) == 1000
    keys = [entry.key for entry in lake.list(layout.staging_table_prefix(RUN, TABLE.name))]
    assert keys == sorted(lake.key_of(entry["url"]) for entry in entries), "nothing lies beside the files"


def test_parquet_has_the_physical_types_that_copy_reads(lake, shows):
    stage(shows(1).repartition(1), TABLE, RUN, lake)
    _, (body,) = staged_files(lake, TABLE)
    schema = pq.read_schema(io.BytesIO(body))
    assert schema.names == ["run_id", "observed_on", "show_id", "n", "seen", "price", "at", "ok"]
    assert schema.types[:-2] == [
        pa.string(),
        pa.date32(),
        pa.string(),
        pa.int32(),
        pa.int64(),
        pa.decimal128(12, 2),
    ]
    assert pa.types.is_timestamp(schema.field("at").type)
    physical = pq.ParquetFile(io.BytesIO(body)).schema.column(6)
    assert (physical.physical_type, physical.logical_type.type) == ("INT64", "TIMESTAMP")
    (row,) = pq.read_table(io.BytesIO(body)).to_pylist()
    assert row["at"].replace(tzinfo=None).isoformat() == "2026-11-20T19:30:00"


def test_staging_again_replaces_what_was_staged(lake, shows):
    stage(shows(50).repartition(5), TABLE, RUN, lake)
    assert stage(shows(2).repartition(1), TABLE, RUN, lake).rows == 2
    entries, _ = staged_files(lake, TABLE)
    assert len(entries) == len(list(lake.list(layout.staging_table_prefix(RUN, TABLE.name)))) == 1


def test_no_rows_are_staged_as_a_file_without_rows(lake, shows):
    assert stage(shows(0), TABLE, RUN, lake).rows == 0
    entries, (body,) = staged_files(lake, TABLE)
    assert len(entries) == 1
    assert pq.read_metadata(io.BytesIO(body)).num_rows == 0


@pytest.mark.parametrize(("rows", "bounds"), [(9, (10, 10)), (11, (10, 10)), (4, (5, 8)), (9, (5, 8))])
def test_rows_lost_or_multiplied_are_an_error(rows, bounds):
    with pytest.raises(RowsLost, match=rf"staging\.t has {rows} rows, but the curated tables have {bounds[0]}"):
        check_rows(StagedRows("t", rows, "s3://b/m"), *bounds)


@pytest.mark.parametrize(("rows", "bounds"), [(10, (10, 10)), (5, (5, 8)), (8, (5, 8)), (0, (0, 0))])
def test_as_many_rows_as_there_must_be_pass(rows, bounds):
    check_rows(StagedRows("t", rows, "s3://b/m"), *bounds)
