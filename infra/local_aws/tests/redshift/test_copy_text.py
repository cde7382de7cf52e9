"""COPY of CSV and JSON: what becomes NULL, what is cut, what is refused, as Redshift's documentation has it."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from infra.local_aws.redshift import LoadError, StatementError
from infra.local_aws.redshift.execution import Session

Lake = Callable[[str], Path]
ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"


def packed(content: bytes) -> bytes:
    """The same bytes in every process: they are part of a test's name."""
    return gzip.compress(content, mtime=0)


TWO_MEMBERS = packed(b"1,x\n") + packed(b"2,y\n")


@pytest.fixture
def loaded(session: Session, lake: Lake) -> Callable[..., list[tuple[Any, ...]]]:
    """Copies bytes into a new table and gives its rows."""

    def load(columns: str, content: bytes, options: str) -> list[tuple[Any, ...]]:
        path = lake("s3://lake/in/data")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.with_name("paths").write_text('{"jsonpaths": ["$.x[\'n\'][1]", "$.absent"]}')
        session.run_alone(f"CREATE TABLE loaded ({columns})")
        session.run_alone(f"COPY loaded FROM 's3://lake/in/data' {ROLE} {options}")
        return list(session.run_alone("SELECT * FROM loaded ORDER BY 1").rows)

    return load


@pytest.mark.parametrize(
    ("columns", "content", "options", "rows"),
    [
        # decimals are cut to the column's scale unless ROUNDEC is set
        ("a DECIMAL(8,2)", b"20.259\n", "CSV", [("20.25",)]),
        ("a DECIMAL(8,2)", b"-0.129\n", "CSV", [("-0.12",)]),
        ("a DECIMAL(8,2)", b"20.259\n", "CSV ROUNDEC", [("20.26",)]),
        ("a DECIMAL(8,2)", b"1e3\n", "CSV", [("1000.00",)]),
        # an empty field is an empty text, and NULL in a column of any other type
        ("a INT, b VARCHAR(9), c INT", b"1,,\n", "CSV", [("1", "", None)]),
        ("a INT, b VARCHAR(9)", b"1,\n", "CSV EMPTYASNULL", [("1", None)]),
        ("a INT, b VARCHAR(9)", b'1,""\n', "CSV EMPTYASNULL", [("1", None)]),
        ("a INT, b VARCHAR(9)", b"1,   \n", "CSV", [("1", "   ")]),
        ("a INT, b VARCHAR(9)", b"1,   \n", "CSV BLANKSASNULL", [("1", None)]),
        ("a INT, b VARCHAR(9)", b"1,\\N\n2,x\n", "CSV", [("1", None), ("2", "x")]),
        ("a VARCHAR(9), b INT", b"x,\\N\n", "CSV", [("x", None)]),
        ("a INT, b VARCHAR(9)", b"1,NULL\n", "CSV NULL AS 'NULL'", [("1", None)]),
        ("a INT, b VARCHAR(9)", b"1,\\N\n", r"CSV NULL AS '\N'", [("1", None)]),
        # texts are measured in bytes
        ("b VARCHAR(3)", b"abcdef\n", "CSV TRUNCATECOLUMNS", [("abc",)]),
        ("b VARCHAR(3)", "aéé\n".encode(), "CSV TRUNCATECOLUMNS", [("aé",)]),
        # quotes, delimiters, line ends
        ("a INT, b VARCHAR(20)", b'1,"a\nb ""q"", c"\r\n2,y\n', "CSV", [("1", 'a\nb "q", c'), ("2", "y")]),
        ("a INT, b VARCHAR(20)", b"1,'x,y'\n", "CSV QUOTE AS ''''", [("1", "x,y")]),
        ("a INT, b VARCHAR(20)", b"1||x|y\n", "CSV DELIMITER '||'", [("1", "x|y")]),
        ("a INT, b VARCHAR(20)", b"a\tb\n1\tx", "CSV DELIMITER '\\t' IGNOREHEADER 1", [("1", "x")]),
        (
            "a INT, b VARCHAR(20)",
            packed(b"1,x\n") + packed(b"2,y\n"),
            "CSV GZIP",
            [("1", "x"), ("2", "y")],
        ),
        # JSON follows the same conversions
        (
            "a DECIMAL(8,2), b VARCHAR(3)",
            b'{"a": 1.239, "b": "abcd"}',
            "JSON 'auto' TRUNCATECOLUMNS",
            [("1.23", "abc")],
        ),
        ("a INT, b VARCHAR(3)", b'{"a": 1, "b": ""}', "JSON 'auto'", [("1", "")]),
        # a blank text is not an empty one
        ("a INT, b VARCHAR(9)", b"1,\n", "CSV BLANKSASNULL", [("1", "")]),
        ("a INT, b VARCHAR(9)", b"1,   \n", "CSV EMPTYASNULL", [("1", "   ")]),
        # delimited text: the default
        ("a INT, b VARCHAR(9)", b"1|x\n2|\n", "", [("1", "x"), ("2", "")]),
        ("a INT, b VARCHAR(9)", b"1|\\N\n", "", [("1", None)]),
        ("a INT, b VARCHAR(9)", b"1|x|\n", "", [("1", "x")]),
        ("a INT, b VARCHAR(9)", b"1|'x'\n", "", [("1", "'x'")]),
        ("a INT, b VARCHAR(9)", b"1\tx\r\n", r"DELIMITER '\t'", [("1", "x")]),
        ("a INT, b VARCHAR(9)", b"1\x01x\n", r"DELIMITER '\001'", [("1", "x")]),
        ("a INT, b VARCHAR(9)", b"1|~|x\n", "DELIMITER '|~|'", [("1", "x")]),
        ("a INT, b VARCHAR(9)", b"h|h\n\n1|x\n\n", "IGNOREHEADER 1 IGNOREBLANKLINES", [("1", "x")]),
        ("a INT, b VARCHAR(9)", b"1|\x00\n", r"NULL AS '\000'", [("1", None)]),
        ("a INT, b VARCHAR(9)", b"1|\n", "NULL AS ''", [("1", None)]),
        # ESCAPE and REMOVEQUOTES
        ("a INT, b VARCHAR(9)", b"1|x\\|y\\\\\n2|a\\\nb\n", "ESCAPE", [("1", "x|y\\"), ("2", "a\nb")]),
        ("a INT, b VARCHAR(9)", b"1|\\N\n", "ESCAPE", [("1", None)]),
        ("a INT, b VARCHAR(9)", b"1|'x|y'\n2|\"z\"\n3|w'\n", "REMOVEQUOTES", [("1", "x|y"), ("2", "z"), ("3", "w'")]),
        ("a INT, b VARCHAR(20)", b"1|' 'Black' '\n", "REMOVEQUOTES", [("1", " 'Black' ")]),
        # fixed width, missing fields, trailing blanks
        ("a INT, b VARCHAR(9), c INT", b"  1ab 22\n", "FIXEDWIDTH 'x:3,y:3,z:2'", [("1", "ab ", "22")]),
        ("a INT, b VARCHAR(9), c INT", b"  1ab 22\n", "FIXEDWIDTH '0:3,1:3,2:2' TRIMBLANKS", [("1", "ab", "22")]),
        ("a INT, b VARCHAR(9), c INT", b"1\n", "FILLRECORD", [("1", "", None)]),
        ("a INT, b VARCHAR(9)", b"1\n", "CSV FILLRECORD EMPTYASNULL", [("1", None)]),
        # dates and times
        ("a DATE", b"01/31/2024\n", "DATEFORMAT 'MM/DD/YYYY'", [("2024-01-31",)]),
        ("a DATE", b"31-Jan-2024\n", "DATEFORMAT AS 'DD-MON-YYYY'", [("2024-01-31",)]),
        ("a DATE", b"20240131\n", "DATEFORMAT 'YYYYMMDD'", [("2024-01-31",)]),
        ("a DATE", b"January 31, 2024\n", "DATEFORMAT 'auto'", [("2024-01-31",)]),
        ("a DATE", b"2024-02-30\n", "ACCEPTANYDATE", [(None,)]),
        ("a TIMESTAMP", b"2024-01-31 10:11:12.5\n", "", [("2024-01-31 10:11:12.5",)]),
        ("a TIMESTAMP", b"01.31.2024 22:05\n", "TIMEFORMAT 'MM.DD.YYYY HH:MI'", [("2024-01-31 22:05:00",)]),
        ("a TIMESTAMP", b"31/01/24 10:05 pm\n", "TIMEFORMAT 'DD/MM/YY HH12:MI AM'", [("2024-01-31 22:05:00",)]),
        ("a TIMESTAMP", b"2024-01-31T10:11:12Z\n", "TIMEFORMAT 'auto'", [("2024-01-31 10:11:12",)]),
        ("a TIMESTAMP", b"1700000000.25\n", "TIMEFORMAT 'epochsecs'", [("2023-11-14 22:13:20.25",)]),
        ("a TIMESTAMP", b"1700000000123\n", "TIMEFORMAT AS 'epochmillisecs'", [("2023-11-14 22:13:20.123",)]),
        ("a TIMESTAMPTZ", b"2024-01-31 10:11:12-05\n", "", [("2024-01-31 15:11:12+00",)]),
        ("a BOOLEAN, b INT", b"yes|1\nF|2\n", "", [("f", "2"), ("t", "1")]),
        # bytes that are not UTF-8, and other encodings
        ("b VARCHAR(9)", b"caf\xe9\xff!\n", "ACCEPTINVCHARS AS '^'", [("caf^^!",)]),
        ("b VARCHAR(9)", b"caf\xe9\n", "ACCEPTINVCHARS", [("caf?",)]),
        ("b VARCHAR(9)", "é|\n".encode("utf-16"), "ENCODING UTF16", [("é",)]),
        ("b VARCHAR(9)", b"caf\xe9\n", "ENCODING AS ISO88591", [("café",)]),
        # compressed
        ("a INT", bz2.compress(b"1\n") + bz2.compress(b"2\n"), "BZIP2", [("1",), ("2",)]),
        ("a INT", pa.Codec("zstd").compress(b"1\n2\n", asbytes=True), "ZSTD", [("1",), ("2",)]),
        # JSON by jsonpaths, whole, and into SUPER
        ("a INT, b VARCHAR(9)", b'{"x": {"n": [7, 8]}}', "JSON 's3://lake/in/paths'", [("8", None)]),
        ("a SUPER", b'{"x": [1, "y"]} {"z": 1.50}', "FORMAT JSON 'noshred'", [('{"x":[1,"y"]}',), ('{"z":1.5}',)]),
        (
            "a INT, b SUPER",
            b'{"a": 1, "b": "text"}\n{"a": 2, "b": {"c": null}}',
            "JSON",
            [("1", '"text"'), ("2", '{"c":null}')],
        ),
        ("a INT, b SUPER", b'1,"{""c"": 2}"\n', "CSV", [("1", '{"c":2}')]),
        (
            "a DECIMAL(30,10)",
            b'{"a": 12345678901234567.1234567891}',
            "JSON 'auto'",
            [("12345678901234567.1234567891",)],
        ),
        # rows that do not load
        ("a INT, b VARCHAR(3)", b"1|x\nbad|y\n3|long\n4|z\n", "MAXERROR 2", [("1", "x"), ("4", "z")]),
        ("a INT", b'{"a": 1}\n{"a": }\n{"a": 3}', "JSON 'auto' MAXERROR AS 1", [("1",), ("3",)]),
        ("a INT", b"1\n", "NOLOAD", []),
        # accepted without effect here
        ("a INT", b"1\n", "COMPROWS 1000 COMPUPDATE PRESET STATUPDATE OFF REGION AS 'us-east-1'", [("1",)]),
    ],
)
def test_fields_are_converted_as_redshift_does(
    loaded: Callable[..., list[tuple[Any, ...]]], columns: str, content: bytes, options: str, rows: list[Any]
) -> None:
    assert loaded(columns, content, options) == rows


@pytest.mark.parametrize(
    ("columns", "content", "options", "reason"),
    [
        ("a INT, b VARCHAR(9)", b"1\n", "CSV", "Delimiter not found"),
        ("a INT, b VARCHAR(9)", b"1,x,\n", "CSV", r"Extra column\(s\) found"),
        ("b VARCHAR(3)", b"abcd\n", "CSV", "String length exceeds DDL length"),
        ("b VARCHAR(3)", "éé\n".encode(), "CSV", "String length exceeds DDL length"),
        ("b CHAR(5)", "é\n".encode(), "CSV", "Multibyte character not supported for CHAR"),
        ("b VARCHAR(9)", b'a"b"c\n', "CSV", "Invalid quote formatting for CSV"),
        ("b VARCHAR(9)", b'"never closed\n', "CSV", "Invalid quote formatting for CSV"),
        ("b VARCHAR(9)", b"caf\xe9\n", "CSV", "unsupported UTF8 codepoints. Bad UTF8 hex sequence: e9"),
        ("b VARCHAR(9)", b'{"b": "caf\xe9"}', "JSON 'auto'", "unsupported UTF8 codepoints. Bad UTF8 hex sequence: e9"),
        ("a INT, b VARCHAR(9)", packed(b"1,x\n2,y\n" * 999)[:-20], "CSV GZIP", "Error while decompressing"),
        ("a INT, b VARCHAR(9)", b"1,x\n", "CSV GZIP", "Error while decompressing"),
        ("a INT", packed(b'{"a":1}\n' * 999)[:-20], "JSON 'auto' GZIP", "Error while decompressing"),
        ("a INT", bz2.compress(b"1\n" * 999)[:-20], "BZIP2", "Error while decompressing"),
        ("a INT", pa.Codec("zstd").compress(bytes(range(65, 91)) * 999, asbytes=True)[:-9], "ZSTD", "decompress"),
        ("a INT", b"12x\n", "", "Invalid digit, Value 'x', Pos 2, Type: Integer"),
        ("a SMALLINT", b"40000\n", "", "Overflow"),
        ("a DECIMAL(4,2)", b"123.4\n", "", "Overflow"),
        ("a BOOLEAN", b"maybe\n", "", "Unknown boolean format"),
        ("a DATE", b"1/31/2024\n", "", "Invalid Date Format - length must be 10 or more"),
        ("a DATE", b"01/31/2024\n", "", "Invalid date format or value"),
        ("a TIMESTAMP", b"2024-01-31T10:11:12\n", "", r"Invalid timestamp format or value \[YYYY-MM-DD HH24:MI:SS\]"),
        ("a INT NOT NULL", b"\n", "", "Missing data for not-null field"),
        ("a INT, b VARCHAR(9)", b"1|'x\n", "REMOVEQUOTES", "a quotation mark is not closed"),
        ("a SUPER", b"{1}\n", "", "Invalid JSON format for SUPER"),
        ("a SUPER", b"[" * 1001 + b"]" * 1001, "", "SUPER exceeds the maximum nesting of 1000"),
        ("a SUPER", b"[" * 90_000 + b"]" * 90_000, "JSON 'noshred'", "Invalid JSON"),
        ("a SUPER", b"[" * 5_000_000, "JSON 'noshred'", "Load into table 'loaded' failed"),
        ("a INT", b"1\nx\ny\n", "MAXERROR 1", "Check 'stl_load_errors' system table for details"),
        (
            "a INT",
            b'{"x": 1}',
            "JSON 's3://lake/in/paths'",
            "JSONPath size: 2, Number of columns .*: 1",
        ),
        ("a INT", b"1", "AVRO", "COPY of AVRO is not supported here"),
        ("a INT", b"1", "LZOP", "COPY of LZOP files is not supported here"),
        ("a INT", b"1", "ENCRYPTED MASTER_SYMMETRIC_KEY 'k'", "encrypted on the client's side"),
        ("a INT", b"1", "CSV ESCAPE", "ESCAPE is not compatible with CSV"),
        ("a INT", b"1", "JSON 'auto' IGNOREHEADER 1", "IGNOREHEADER is not compatible with JSON"),
        ("a INT", b"1", "FIXEDWIDTH '0:3' DELIMITER ','", "FIXEDWIDTH cannot be used with DELIMITER"),
        ("a INT, b INT", b"1", "FIXEDWIDTH '0:3'", "FIXEDWIDTH has 1 columns, and the table 2"),
        ("a INT", b"1", "PARQUET REGION 'us-east-1'", "REGION argument is not supported for PARQUET based COPY"),
        ("a INT", b"1", "PARQUET MAXERROR 1", "MAXERROR argument is not supported for PARQUET based COPY"),
        ("a DATE", b"1", "DATEFORMAT 'YYYY-XX'", "Invalid date format string"),
    ],
)
def test_what_does_not_fit_fails_with_redshifts_reason(
    loaded: Callable[..., list[tuple[Any, ...]]], columns: str, content: bytes, options: str, reason: str
) -> None:
    with pytest.raises((LoadError, StatementError), match=reason):
        loaded(columns, content, options)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (b'{"entries": [{"uri": "s3://lake/in/data"}]}', "Mandatory url is not present in manifest file"),
        (b'{"entries": ["s3://lake/in/data"]}', "Problem reading manifest file"),
        (b'{"entries": {"url": "s3://lake/in/data"}}', "Problem reading manifest file"),
        (b'{"entries": [{"url": "s3://lake/in/data", "meta": {"content_length": "x"}}]}', "content_length"),
        (b"[]", "Problem reading manifest file"),
        (b"1,x\n", "Problem reading manifest file"),
    ],
)
def test_a_broken_manifest_is_refused(
    loaded: Callable[..., list[tuple[Any, ...]]], manifest: bytes, reason: str
) -> None:
    with pytest.raises(LoadError, match=reason):
        loaded("a INT", manifest, "CSV MANIFEST")
