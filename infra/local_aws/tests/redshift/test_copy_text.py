"""COPY of CSV and JSON: what becomes NULL, what is cut, what is refused, as Redshift's documentation has it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.local_aws.redshift import LoadError
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
        session.run_alone(f"CREATE TABLE loaded ({columns})")
        session.run_alone(f"COPY loaded FROM 's3://lake/in/data' {ROLE} {options}")
        return session.run_alone("SELECT * FROM loaded ORDER BY 1").rows

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
    ],
)
def test_what_does_not_fit_fails_with_redshifts_reason(
    loaded: Callable[..., list[tuple[Any, ...]]], columns: str, content: bytes, options: str, reason: str
) -> None:
    with pytest.raises(LoadError, match=reason):
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
