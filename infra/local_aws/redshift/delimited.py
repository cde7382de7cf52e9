"""How COPY reads the fields of a CSV file: which are NULL, which are truncated, and which don't fit.

PostgreSQL reads CSV by other rules, so this module parses each record and writes it in PostgreSQL's form.
Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import BinaryIO

from .copy_command import CopyCommand
from .errors import LoadError

MAX_RECORD = 4 * 1024 * 1024
"""The maximum number of characters in a record: Redshift accepts rows of up to 4 MB."""

_BATCH_RECORDS = 2_000
_TEXT = ("character varying", "character", "text")
_BLANK = " \t\r\n\f\v"

Read = Callable[[str], "str | None"]
"""Converts a field's text to the value to load; None is NULL."""


def records(stream: BinaryIO, command: CopyCommand, uri: str) -> Iterator[list[str]]:
    """The records of a CSV file, without the header lines.

    Raises:
        LoadError: bytes that are not UTF-8, a quotation mark out of place, or a record over 4 MB.
    """
    field = _field_pattern(command.delimiter, command.quote)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
    try:
        for _ in range(command.header_lines):
            text.readline(MAX_RECORD)
        while record := _record(text, command.quote, uri):
            yield _split(record.removesuffix("\n").removesuffix("\r"), field, command.quote, uri)
    except UnicodeDecodeError as error:
        raise not_utf8(error, uri) from error


def not_utf8(error: UnicodeDecodeError, uri: str) -> LoadError:
    """Redshift's error for bytes that are not UTF-8."""
    sequence = error.object[error.start : error.start + 4].hex(" ")
    reason = "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence"
    return LoadError(f"{reason}: {sequence}", uri)


def _record(text: io.TextIOWrapper, quote: str, uri: str) -> str:
    """The next record with its line end. It is one line, unless a quoted field continues in the next one."""
    record = line = text.readline(MAX_RECORD)
    while record.count(quote) % 2 and line and len(record) < MAX_RECORD:
        line = text.readline(MAX_RECORD)
        record += line
    if len(record) >= MAX_RECORD:
        raise LoadError("The record is longer than 4 MB", uri)
    return record


def _field_pattern(delimiter: str, quote: str) -> re.Pattern[str]:
    d = re.escape(delimiter)
    q = re.escape(quote)
    return re.compile(rf"(?:{q}((?:[^{q}]|{q}{q})*){q}|((?:(?!{d})[^{q}])*))({d}|\Z)")


def _split(record: str, field: re.Pattern[str], quote: str, uri: str) -> list[str]:
    fields = []
    at = 0
    while True:
        match = field.match(record, at)
        if match is None:
            raise LoadError("Invalid quote formatting for CSV", uri)
        quoted, plain, end = match.groups()
        fields.append(plain if quoted is None else quoted.replace(quote * 2, quote))
        at = match.end()
        if not end:
            return fields


def as_postgres_csv(
    rows: Iterable[Sequence[str | None]], columns: Sequence[tuple[str, str]], command: CopyCommand, uri: str
) -> Iterator[bytes]:
    """Converts records to PostgreSQL's COPY format, in parts.

    Args:
        rows: fields of each record; None is NULL whatever the options.
        columns: name and declared type of each target column, such as `character varying(20)`.
        command: the COPY.
        uri: the object, for errors.

    Raises:
        LoadError: a record has too few or too many fields, or a text does not fit its column.
    """
    readers = [_reader(name, declared, command, uri) for name, declared in columns]
    lines: list[str] = []
    for fields in rows:
        if len(fields) != len(readers):
            reason = "Delimiter not found" if len(fields) < len(readers) else "Extra column(s) found"
            raise LoadError(f"{reason}: {len(readers)} columns, {len(fields)} fields", uri)
        values = (None if field is None else convert(field) for convert, field in zip(readers, fields, strict=True))
        lines.append(",".join(map(_cell, values)))
        if len(lines) == _BATCH_RECORDS:
            yield _join(lines)
            lines = []
    if lines:
        yield _join(lines)


def _join(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _cell(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def _reader(name: str, declared: str, command: CopyCommand, uri: str) -> Read:
    kind, _, arguments = declared.partition("(")
    null = command.null_as
    if kind not in _TEXT:
        scale = int(arguments.rstrip(")").split(",")[1]) if kind == "numeric" and "," in arguments else None
        rounds = command.round_decimals
        return lambda text: None if text == null or not text.strip(_BLANK) else _number(text, scale, rounds)
    length = int(arguments.rstrip(")")) if arguments else None

    def read(text: str) -> str | None:
        if text == null or (command.empty_as_null and not text):
            return None
        if command.blanks_as_null and not text.strip(_BLANK):
            return None
        if kind == "character" and not text.isascii():
            raise LoadError("Multibyte character not supported for CHAR (Hint: try using VARCHAR)", uri, name)
        return _fit(text, length)

    def _fit(text: str, length: int | None) -> str:
        if length is None or len(text.encode()) <= length:
            return text
        if command.truncate_columns:
            return text.encode()[:length].decode(errors="ignore")
        raise LoadError("String length exceeds DDL length", uri, name)

    return read


def _number(text: str, scale: int | None, rounds: bool) -> str:
    """A number truncated to its column's scale, or rounded with ROUNDEC. PostgreSQL refuses anything else itself."""
    if scale is None:
        return text
    try:
        value = Decimal(text.strip(_BLANK))
        return str(value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP if rounds else ROUND_DOWN))
    except InvalidOperation:
        return text
