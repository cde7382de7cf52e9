"""A file in parts has the same bytes, records and lines as the whole file, wherever it is cut."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schemas.lines
from lake.readers import reader_of
from lake.records import Bad
from schemas.formats import Delimited, Format, JsonLines
from schemas.lines import LONGEST_LINE, LineTooLong, UnknownEncoding, encoding_of
from schemas.raw import RawRecord
from sources.files import Limits, TooLarge
from sources.files.cutting import parts

Table = list[tuple[str, str, str]]
PROPERTY = settings(deadline=None, derandomize=True)
COLUMNS = ("a", "b", "c")
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


class Anything(RawRecord):
    """Three texts."""

    a: str | None
    b: str | None
    c: str | None


def text(without: str = "") -> st.SearchStrategy[str]:
    likely = st.sampled_from(sorted(set("ab\"',;|\t\n\r \\N\u010a\u0a0d\u0a00é") - set(without)))
    others = st.characters(exclude_categories=("Cs",), exclude_characters=f"\0\ufeff{without}")
    return st.text(others | likely, max_size=8)


def table(without: str = "") -> st.SearchStrategy[Table]:
    return st.lists(st.tuples(text(without), text(without), text(without)), max_size=12)


def cut(body: bytes, form: Format, size: int) -> list[bytes]:
    _, file_parts = parts(io.BufferedReader(io.BytesIO(body)), form, Limits(part_bytes=size))  # type: ignore[arg-type]
    return [part.body for part in file_parts]


def read(bodies: list[bytes], form: Format) -> list[tuple[int | None, bytes, dict[str, str | None] | str]]:
    """Line, bytes and content (or first error) of every record."""
    reader = reader_of(form, Anything)
    reader.begin()
    return [
        (reader.line, verbatim, record.errors[0].type if isinstance(record, Bad) else record.model_dump())
        for body in bodies
        for verbatim, record in reader.read(io.BytesIO(body))
    ]


def counted(body: bytes, form: Format, size: int) -> int:
    _, file_parts = parts(io.BufferedReader(io.BytesIO(body)), form, Limits(part_bytes=size))  # type: ignore[arg-type]
    return sum(part.records or 0 for part in file_parts)


@PROPERTY
@given(
    rows=table(),
    delimiter=st.sampled_from(",|\t;é"),
    quote=st.sampled_from("\"'"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    header=st.booleans(),
    encoding=st.sampled_from(ENCODINGS),
    size=st.integers(1, 100),
)
def test_what_csv_wrote_is_read_back(
    rows: Table, delimiter: str, quote: str, line_end: str, quoting: int, header: bool, encoding: str, size: int
) -> None:
    # csv leaves a lone CR without quotes where lines end in LF, and cannot read it back itself
    assume(quoting != csv.QUOTE_MINIMAL or line_end == "\r\n" or not any("\r" in "".join(row) for row in rows))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator=line_end, quoting=quoting)
    writer.writerows([COLUMNS, *rows] if header else rows)
    body = out.getvalue().encode(encoding) if out.getvalue() else b""
    form = Delimited(COLUMNS, delimiter, header=header, quote=quote, encoding=encoding)
    whole = read([body], form)
    as_written = [{name: value or None for name, value in zip(COLUMNS, row, strict=True)} for row in rows]
    assert [content for _, _, content in whole] == as_written
    bodies = cut(body, form, size)
    assert b"".join(bodies) == body
    assert read(bodies, form) == whole
    assert counted(body, form, size) == len(rows)


@PROPERTY
@given(
    rows=table("|\n\r"),
    encoding=st.sampled_from(ENCODINGS),
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\n\n"])),
    size=st.integers(1, 100),
)
def test_plain_lines_are_read_back(rows: Table, encoding: str, ends: list[str], size: int) -> None:
    text = "".join("|".join(row) + (ends[number % len(ends)] if ends else "\n") for number, row in enumerate(rows))
    body = text.encode(encoding) if text else b""
    form = Delimited(COLUMNS, "|", quote=None, null=frozenset({r"\N"}), encoding=encoding)
    whole = read([body], form)
    values = [[None if value == r"\N" else value for value in row] for row in rows]
    as_written = [dict(zip(COLUMNS, row, strict=True)) for row in values]
    assert [content for _, _, content in whole] == as_written
    for line, verbatim, _ in whole:
        plain = text.split("\n")[(line or 0) - 1].removesuffix("\r")
        assert verbatim.decode({"utf-16": "utf-16", "utf-8-sig": "utf-8"}.get(encoding, encoding)) == plain
    bodies = cut(body, form, size)
    assert b"".join(bodies) == body
    assert read(bodies, form) == whole
    assert counted(body, form, size) == len(rows)


@PROPERTY
@given(
    body=st.binary(max_size=200) | st.text(alphabet='ab,"\n\r\0', max_size=200).map(str.encode),
    quote=st.sampled_from(['"', None]),
    header=st.booleans(),
    encoding=st.sampled_from(["utf-8", "latin-1", "utf-16-le"]),
    size=st.integers(1, 60),
)
def test_any_bytes_are_cut_and_read_alike(
    body: bytes, quote: str | None, header: bool, encoding: str, size: int
) -> None:
    form = Delimited(COLUMNS, header=header, quote=quote, encoding=encoding)
    whole, bodies = read([body], form), cut(body, form, size)
    assert b"".join(bodies) == body
    assert read(bodies, form) == whole
    assert counted(body, form, size) == len(whole)


@PROPERTY
@given(
    lines=st.lists(
        st.sampled_from(['1,"', '",2,3', '"', "1,2,3", '1,"2",3', 'x","', '"",""', "", "a", "é\0"]), max_size=30
    ),
    header=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-16-le"]),
    size=st.integers(1, 40),
    most_lines=st.integers(1, 5),
    most_bytes=st.integers(1, 60),
)
def test_quotes_without_an_end_are_cut_and_read_alike(
    lines: list[str], header: bool, encoding: str, size: int, most_lines: int, most_bytes: int
) -> None:
    """And no line is lost, or read twice."""
    form = Delimited(COLUMNS, header=header, encoding=encoding)
    body = "\n".join(lines).encode(encoding)
    with mock.patch.multiple(schemas.lines, MOST_LINES=most_lines, MOST_BYTES=most_bytes):
        whole, bodies = read([body], form), cut(body, form, size)
        assert b"".join(bodies) == body
        assert read(bodies, form) == whole
        assert counted(body, form, size) == len(whole)
    text = [line for _, verbatim, _ in whole for line in verbatim.decode(encoding).split("\n") if line]
    written = [line for line in lines if line]
    in_header = len(written) - len(text)
    assert text == written[in_header:]
    assert in_header <= (most_lines if header else 0)


def test_a_part_of_blank_lines_is_cut_as_any_other() -> None:
    body = b"a,b,c\n" + b"\n" * 10_000 + b"1,2,3\n"
    form = Delimited(COLUMNS, header=True)
    bodies = cut(body, form, 1000)
    assert b"".join(bodies) == body
    assert max(map(len, bodies)) <= 1000 + 6
    assert [line for line, _, _ in read(bodies, form)] == [10_002]


@PROPERTY
@given(
    lines=st.lists(st.sampled_from([b'{"a": "1", "b": null, "c": "\\n"}', b"", b" ", b"{", b"\xff", b"\r"])),
    size=st.integers(1, 80),
)
def test_lines_of_json_are_cut_and_read_alike(lines: list[bytes], size: int) -> None:
    body = b"\n".join(lines)
    whole, bodies = read([body], JsonLines()), cut(body, JsonLines(), size)
    assert b"".join(bodies) == body
    assert read(bodies, JsonLines()) == whole
    assert [line for line, _, _ in whole] == [number for number, text in enumerate(lines, 1) if text.strip()]
    assert counted(body, JsonLines(), size) == len(whole)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_half_a_character_is_no_line_end(encoding: str) -> None:
    """The bytes of U+0A00 twice hold those of a line end, one byte off."""
    body = ("\u0a00\u0a00|b|c\n" * 3).encode(encoding)
    form = Delimited(COLUMNS, "|", quote=None, encoding=encoding)
    whole = read([body], form)
    assert [content for _, _, content in whole] == [{"a": "\u0a00\u0a00", "b": "b", "c": "c"}] * 3
    for size in range(1, len(body)):
        assert read(cut(body, form, size), form) == whole


def test_parts_are_about_as_large_as_they_should() -> None:
    body = b"".join(b"%d|b|c\n" % number for number in range(10_000))
    for form in (Delimited(COLUMNS, "|", quote=None), Delimited(COLUMNS, "|"), JsonLines()):
        sizes = [len(part) for part in cut(body, form, 8_000)]
        assert len(sizes) > 5
        assert all(7_900 < size < 16_100 for size in sizes[:-1])


def test_a_line_without_an_end_is_no_line() -> None:
    form = Delimited(COLUMNS, "|", quote=None)
    for line_format in (form, replace(form, quote='"'), replace(form, encoding="utf-16-le"), JsonLines()):
        with pytest.raises(LineTooLong, match="not text"):
            cut(b"x" * (LONGEST_LINE + 10), line_format, 2**20)


def test_utf_16_must_say_which() -> None:
    with pytest.raises(UnknownEncoding, match="utf-16-le or utf-16-be"):
        encoding_of(b"a\0b\0", "utf-16")


def test_an_encoding_that_is_none_is_named() -> None:
    with pytest.raises(UnknownEncoding, match="'utf-9'"):
        encoding_of(b"a", "utf-9")


def test_a_document_that_fits_into_no_memory_is_refused() -> None:
    from schemas.formats import Json

    with pytest.raises(TooLarge, match="larger than 10 bytes"):
        list(parts(io.BytesIO(json.dumps("x" * 20).encode()), Json(), Limits(document_bytes=10))[1])
