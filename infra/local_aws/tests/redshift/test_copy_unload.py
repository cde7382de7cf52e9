"""COPY and UNLOAD between S3 and the warehouse, with what Redshift's Parquet reader refuses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.local_aws.redshift import LoadError, RefusedByRedshift
from infra.local_aws.redshift.error_words import error_text
from infra.local_aws.redshift.execution import Session

Lake = Callable[[str], Path]
ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"
INT96 = {
    "use_deprecated_int96_timestamps": True, "compression": "none", "use_dictionary": False, "write_statistics": False,
}  # fmt: skip
"""Timestamps as Spark writes them by default, in bytes that a test can change."""

COLUMNS: dict[str, tuple[str, pa.DataType, list[Any]]] = {
    "id": ("BIGINT NOT NULL", pa.int64(), [1, 2]),
    "n": ("INT", pa.int32(), [7, None]),
    "small": ("SMALLINT", pa.int16(), [3, None]),
    "name": ("VARCHAR(60)", pa.string(), ['with "quotes", commas\nand lines', ""]),
    "price": ("DECIMAL(12,2)", pa.decimal128(12, 2), [Decimal("10.50"), None]),
    "share": ("DOUBLE PRECISION", pa.float64(), [0.1, None]),
    "is_open": ("BOOLEAN", pa.bool_(), [True, None]),
    "day": ("DATE", pa.date32(), [dt.date(2024, 2, 29), None]),
    "seen_at": ("TIMESTAMP", pa.timestamp("us"), [dt.datetime(2024, 2, 29, 1, 2, 3, 4), None]),  # noqa: DTZ001
    "made_at": ("TIMESTAMPTZ", pa.timestamp("us", "UTC"), [dt.datetime(2024, 2, 29, tzinfo=dt.UTC), None]),
}


def write(lake: Lake, uri: str, table: pa.Table) -> dict[str, Any]:
    """Write a Parquet object; gives its entry in a manifest."""
    path = lake(uri)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return {"url": uri, "mandatory": True, "meta": {"content_length": path.stat().st_size}}


def manifest(lake: Lake, *entries: dict[str, Any]) -> str:
    path = lake("s3://lake/m/manifest.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"entries": list(entries)}))
    return "s3://lake/m/manifest.json"


def rows(**columns: tuple[pa.DataType, list[Any]]) -> pa.Table:
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


@pytest.fixture
def typed(session: Session) -> pa.Table:
    session.run_alone(f"CREATE TABLE typed ({', '.join(f'{n} {kind[0]}' for n, kind in COLUMNS.items())})")
    return rows(**{name: (kind, values) for name, (_, kind, values) in COLUMNS.items()})


@pytest.fixture
def pairs(session: Session) -> None:
    session.run_alone("CREATE TABLE pairs (a INT, b VARCHAR(3))")


def test_every_type_arrives_unchanged(session: Session, lake: Lake, typed: pa.Table) -> None:
    entry = write(lake, "s3://lake/x/part-0.parquet", typed)
    outcome = session.run_alone(f"COPY typed FROM '{manifest(lake, entry)}' {ROLE} FORMAT AS PARQUET MANIFEST")
    assert outcome.count == 2
    with session.connection.cursor() as cursor:
        fetched_rows = cursor.execute("SELECT * FROM typed ORDER BY id").fetchall()
    assert fetched_rows == [tuple(record.values()) for record in typed.to_pylist()]
    assert session.run_alone("SELECT pg_last_copy_count()").rows == [("2",)]


def test_unload_then_copy_gives_the_same_rows(session: Session, lake: Lake, typed: pa.Table) -> None:
    write(lake, "s3://lake/x/part-0.parquet", typed)
    session.run_alone(f"COPY typed FROM 's3://lake/x/' {ROLE} PARQUET")
    session.run_alone(f"UNLOAD ('SELECT * FROM typed') TO 's3://lake/out/' {ROLE} FORMAT PARQUET MANIFEST")
    session.run_alone("CREATE TABLE again (LIKE typed)")
    session.run_alone(f"COPY again FROM 's3://lake/out/manifest' {ROLE} FORMAT PARQUET MANIFEST")
    assert session.run_alone("SELECT * FROM again MINUS SELECT * FROM typed").rows == []
    assert session.run_alone("SELECT COUNT(*) FROM again").rows == [("2",)]


def test_copy_is_positional(session: Session, lake: Lake, pairs: None) -> None:
    write(lake, "s3://lake/x/p.parquet", rows(whatever=(pa.string(), ["x"]), other=(pa.int32(), [1])))
    session.run_alone(f"COPY pairs (b, a) FROM 's3://lake/x/' {ROLE} PARQUET")
    assert session.run_alone("SELECT a, b FROM pairs").rows == [("1", "x")]


def test_copy_belongs_to_the_callers_transaction(session: Session, lake: Lake, pairs: None) -> None:
    write(lake, "s3://lake/x/p.parquet", rows(a=(pa.int32(), [1]), b=(pa.string(), ["x"])))
    session.begin()
    session.run(f"COPY pairs FROM 's3://lake/x/' {ROLE} PARQUET")
    session.connection.execute("ROLLBACK")
    assert session.run_alone("SELECT COUNT(*) FROM pairs").rows == [("0",)]


@pytest.mark.parametrize(
    ("option", "rows_known"), [("", -1), ("STATUPDATE OFF", -1), ("STATUPDATE", 1), ("STATUPDATE ON", 1)]
)
def test_copy_renews_the_planners_statistics_when_told_to(
    session: Session, lake: Lake, pairs: None, option: str, rows_known: int
) -> None:
    write(lake, "s3://lake/x/p.parquet", rows(a=(pa.int32(), [1]), b=(pa.string(), ["x"])))
    session.run_alone(f"COPY pairs FROM 's3://lake/x/' {ROLE} PARQUET {option}")
    with session.connection.cursor() as cursor:
        assert cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'pairs'").fetchall() == [(rows_known,)]


A, B = (pa.int32(), [1]), (pa.string(), ["x"])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (rows(a=A), "Unmatched number of columns between table and file. Table columns: 2, Data columns: 1"),
        (rows(a=A, b=B, c=B), "Table columns: 2, Data columns: 3"),
        (rows(a=(pa.string(), ["1"]), b=B), "incompatible Parquet schema for column 'a'. Column type: INTEGER"),
        (rows(a=(pa.int64(), [1]), b=B), "incompatible Parquet schema for column 'a'"),
        (rows(a=(pa.float64(), [1.0]), b=B), "incompatible Parquet schema for column 'a'"),
        (rows(a=A, b=(pa.int32(), [1])), "incompatible Parquet schema for column 'b'"),
        (rows(a=A, b=(pa.list_(pa.int32()), [[1]])), "incompatible Parquet schema for column 'b'"),
        (rows(a=A, b=(pa.string(), ["äö"])), "value too long for type character varying(3)"),
    ],
)
def test_parquet_that_does_not_fit_is_refused(
    session: Session, lake: Lake, pairs: None, table: pa.Table, reason: str
) -> None:
    write(lake, "s3://lake/x/p.parquet", table)
    with pytest.raises(Exception) as caught:
        session.run_alone(f"COPY pairs FROM 's3://lake/x/' {ROLE} PARQUET")
    assert reason in error_text(caught.value)
    session.connection.execute("ROLLBACK")
    assert session.run_alone("SELECT COUNT(*) FROM pairs").rows == [("0",)]
    logged = session.run_alone("SELECT err_reason FROM stl_load_errors ORDER BY starttime DESC").rows
    assert any(reason in (row[0] or "") for row in logged)


def test_parquet_times_are_the_instants_that_the_file_stores(session: Session, lake: Lake) -> None:
    session.run_alone("CREATE TABLE moments (at TIMESTAMP)")
    instant = 1_201_229_027_123_456  # microseconds since 1970, UTC
    zoned = pa.table({"at": pa.array([instant], pa.timestamp("us", "America/New_York"))})
    write(lake, "s3://lake/x/zoned.parquet", zoned)
    path = lake("s3://lake/x/spark.parquet")
    pq.write_table(pa.table({"at": pa.array([0], pa.timestamp("us"))}), path, **INT96)
    julian_1970, julian_9999 = (day.to_bytes(4, "little") for day in (2_440_588, 5_373_484))
    content = path.read_bytes()
    assert content.count(bytes(8) + julian_1970) == 1
    path.write_bytes(content.replace(bytes(8) + julian_1970, bytes(8) + julian_9999))
    session.run_alone(f"COPY moments FROM 's3://lake/x/' {ROLE} PARQUET")
    fetched_rows = session.run_alone("SELECT at FROM moments ORDER BY at").rows
    assert fetched_rows == [("2008-01-25 02:43:47.123456",), ("9999-12-31 00:00:00",)]


def test_manifest_without_content_length_is_refused(session: Session, lake: Lake, pairs: None) -> None:
    entry = write(lake, "s3://lake/x/p.parquet", rows(a=A, b=B))
    del entry["meta"]
    with pytest.raises(LoadError, match="content_length"):
        session.run_alone(f"COPY pairs FROM '{manifest(lake, entry)}' {ROLE} FORMAT PARQUET MANIFEST")


def test_manifest_that_lies_about_the_size_is_refused(session: Session, lake: Lake, pairs: None) -> None:
    entry = write(lake, "s3://lake/x/p.parquet", rows(a=A, b=B))
    entry["meta"]["content_length"] += 1
    with pytest.raises(LoadError, match="content_length says"):
        session.run_alone(f"COPY pairs FROM '{manifest(lake, entry)}' {ROLE} FORMAT PARQUET MANIFEST")


def test_missing_object_fails_only_when_it_is_mandatory(session: Session, lake: Lake, pairs: None) -> None:
    there = write(lake, "s3://lake/x/p.parquet", rows(a=A, b=B))
    gone = {"url": "s3://lake/x/gone.parquet", "mandatory": False, "meta": {"content_length": 5}}
    copy = f"COPY pairs FROM '{manifest(lake, there, gone)}' {ROLE} FORMAT PARQUET MANIFEST"
    assert session.run_alone(copy).count == 1
    manifest(lake, there, gone | {"mandatory": True})
    with pytest.raises(LoadError, match="NoSuchKey"):
        session.run_alone(copy)


def test_prefix_without_objects_is_refused(session: Session, pairs: None) -> None:
    with pytest.raises(LoadError, match="does not exist"):
        session.run_alone(f"COPY pairs FROM 's3://lake/nothing/' {ROLE} PARQUET")


def test_identity_column_is_not_expected_in_the_file(session: Session, lake: Lake) -> None:
    session.run_alone("CREATE TABLE k (sk BIGINT IDENTITY(1,1), a INT)")
    write(lake, "s3://lake/x/p.parquet", rows(a=(pa.int32(), [5])))
    session.run_alone(f"COPY k FROM 's3://lake/x/' {ROLE} PARQUET")
    assert session.run_alone("SELECT a FROM k WHERE sk IS NOT NULL").rows == [("5",)]


def test_csv_and_json(session: Session, lake: Lake, pairs: None) -> None:
    lake("s3://lake/t/x").parent.mkdir(parents=True)
    lake("s3://lake/t/a.csv").write_text("h1;h2\n1;x\n2;\n")
    lake("s3://lake/t/b.json").write_text('{"a": 3, "b": "y", "z": 1}\n{"A": 4}')
    session.run_alone(f"COPY pairs FROM 's3://lake/t/a.csv' {ROLE} CSV DELIMITER ';' IGNOREHEADER 1")
    session.run_alone(f"COPY pairs FROM 's3://lake/t/b.json' {ROLE} FORMAT JSON 'auto ignorecase'")
    fetched_rows = session.run_alone("SELECT a, b FROM pairs ORDER BY a").rows
    assert fetched_rows == [("1", "x"), ("2", ""), ("3", "y"), ("4", None)]


def test_unload_partitions_by_column(session: Session, lake: Lake, pairs: None) -> None:
    session.run_alone("INSERT INTO pairs VALUES (1, 'x'), (2, 'y'), (3, 'x')")
    session.run_alone(f"UNLOAD ('SELECT a, b FROM pairs') TO 's3://lake/u/' {ROLE} FORMAT AS PARQUET PARTITION BY (b)")
    columns = pq.read_table(lake("s3://lake/u/b=x")).select(["a"]).to_pydict()
    assert sorted(columns["a"]) == [1, 3]
    assert not list(lake("s3://lake/u").rglob(".*"))


def test_unload_refuses_a_place_that_is_not_empty(session: Session, lake: Lake, pairs: None) -> None:
    unload = f"UNLOAD ('SELECT a, b FROM pairs') TO 's3://lake/u/' {ROLE} FORMAT PARQUET"
    session.run_alone(unload)
    with pytest.raises(LoadError, match="not empty"):
        session.run_alone(unload)
    session.connection.execute("ROLLBACK")
    session.run_alone(unload + " ALLOWOVERWRITE")


def test_unload_translates_its_query(session: Session, lake: Lake, pairs: None) -> None:
    with pytest.raises(RefusedByRedshift, match="FILTER"):
        session.run_alone(
            f"UNLOAD ('SELECT COUNT(*) FILTER (WHERE a = 1) FROM pairs') TO 's3://lake/u/' {ROLE} FORMAT PARQUET"
        )
