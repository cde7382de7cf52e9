"""Parquet: values keep their meaning, and an odd value costs its row alone."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake.quarantine import record_bytes
from lake.readers import reader_of
from schemas.formats import Json, Parquet
from tests.fixtures.sales import RawSale
from tests.lake.readers.reading import FILE, run, sales


def test_values_of_parquet_keep_their_meaning() -> None:
    out = io.BytesIO()
    columns = {"id": [1], "price": pa.array([Decimal("0.10")], pa.decimal128(8, 2)), "on": [date(2008, 2, 29)]}
    pq.write_table(pa.table(columns), out)
    ((text, _),) = reader_of(Parquet(), RawSale).read(out)
    assert json.loads(text) == {"id": 1, "price": "0.10", "on": "2008-02-29"}


def odd_parquet(**columns: Any) -> bytes:
    """Three rows. The one in the middle holds a value that neither Python nor JSON has."""
    out = io.BytesIO()
    pq.write_table(pa.table({"id": [1, 7, 2], **columns}), out)
    return out.getvalue()


NO_UTF_8 = pa.Array.from_buffers(
    pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0"), pa.py_buffer(b"a\xff\xfeb")]
)
ODD = {
    "nanoseconds": (pa.array([1000, 1, 2000], pa.timestamp("ns")), "1970-01-01 00:00:00.000000001"),
    "a year of five digits": (pa.array([1, 10**6 * 3, 3], pa.date32()), "10183-"),
    "a day that is none": (pa.array([1, 2**30, 3], pa.date32()), "1073741824"),
    "no UTF-8": (NO_UTF_8, r"\xff\xfe"),
    "deep": (pa.array([[1000], [1], None], pa.list_(pa.timestamp("ns"))), "1970-01-01 00:00:00.000000001"),
}


@pytest.mark.parametrize(("values", "shown"), ODD.values(), ids=ODD)
def test_an_odd_value_of_parquet_costs_its_row_alone(values: pa.Array, shown: str) -> None:
    result = run(Parquet(), odd_parquet(buyer=values))
    assert [row["sale_id"] for row in result.rows if row["sale_id"] == 7] == []
    assert "unreadable_value at $.buyer" in [reason for _, reason in result.reasons]
    (line,) = (line for line in result.lines if line["index"] == 1)
    assert (line["file"], line["reason"]) == (FILE, "unreadable_value at $.buyer")
    kept = json.loads(record_bytes(line))
    assert kept["id"] == 7
    assert shown in kept["buyer"]["unreadable"]


def test_the_rows_around_an_odd_value_are_read() -> None:
    body = odd_parquet(buyer=NO_UTF_8, price=pa.array([Decimal("1.10"), Decimal("0.00"), None], pa.decimal128(8, 2)))
    result = run(Parquet(), body)
    assert sales(result) == [(1, "a", Decimal("1.10")), (2, "b", None)]
    assert [line["index"] for line in result.lines] == [1]


def test_a_row_with_an_odd_value_stays_bad_when_it_is_read_again_as_it_was_kept() -> None:
    (line,) = run(Parquet(), odd_parquet(buyer=NO_UTF_8)).lines
    assert [bad["reason"] for bad in run(Json(), b"[" + record_bytes(line) + b"]").lines] == ["string_type at $.buyer"]


def test_an_odd_value_that_nobody_reads_costs_nothing() -> None:
    result = run(Parquet(), odd_parquet(stamped=pa.array([1, 1, 2000], pa.timestamp("ns"))))
    assert [row["sale_id"] for row in result.rows] == [1, 7, 2]


def test_nanoseconds_without_any_are_microseconds() -> None:
    out = io.BytesIO()
    stamps = [pa.array([2000], pa.timestamp("ns")), pa.array([2000], pa.timestamp("ns", "UTC"))]
    pq.write_table(pa.table([pa.array([1]), *stamps, pa.array([3000], pa.duration("ns"))], ["id", "a", "b", "c"]), out)
    ((text, _),) = reader_of(Parquet(), RawSale).read(out)
    texts = {"a": "1970-01-01T00:00:00.000002", "b": "1970-01-01T00:00:00.000002Z", "c": "PT0.000003S"}
    assert json.loads(text) == {"id": 1, **texts}


def test_what_is_left_of_a_broken_parquet_file_is_told() -> None:
    """The pages of the second row group are overwritten; the first one's rows stay."""
    out = io.BytesIO()
    pq.write_table(pa.table({"id": list(range(3000))}), out, row_group_size=2000)
    body = bytearray(out.getvalue())
    start = pq.ParquetFile(out).metadata.row_group(1).column(0).dictionary_page_offset
    body[start : start + 200] = b"\xff" * 200
    result = run(Parquet(), bytes(body))
    assert [row["sale_id"] for row in result.rows] == list(range(2000))
    assert result.reasons == [(None, "malformed_parquet at $")]
    assert "rows after row 2000" in result.lines[0]["errors"][0]["message"]
