"""The records of CSV, delimited and fixed-width files.

PostgreSQL splits records by other rules, so this module splits them.
Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Generator
from typing import BinaryIO

from ..errors import LoadError, Rejection
from .copy_command import CopyCommand
from .records import BrokenRecord, Fields, Record, failed

MAX_RECORD = 4 * 1024 * 1024
"""The maximum number of characters in a record: Redshift accepts rows of up to 4 MB."""

_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_CONTINUED = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

Split = Callable[[str], "Fields | BrokenRecord"]


def reader_of(stream: BinaryIO, command: CopyCommand) -> io.TextIOWrapper:
    """A file's text. Bytes that are not UTF-8 become surrogates, so that they are the fault of one field."""
    errors = "surrogateescape" if command.encoding == "utf-8" else "strict"
    return io.TextIOWrapper(stream, encoding=command.encoding, errors=errors, newline="\n")


def accepted(text: str, command: CopyCommand) -> str:
    """A text with its invalid bytes replaced, as ACCEPTINVCHARS does it; each byte by one character."""
    if command.replacement and not text.isascii():
        return _NOT_UTF8.sub(lambda _: command.replacement, text)
    return text


def wrong_encoding(command: CopyCommand, uri: str) -> LoadError:
    """The error for a file that does not have the encoding of the command."""
    reason = f"The file's encoding is not {command.encoding.upper()}"
    return failed(command.table, [Rejection(1221, reason, uri)])


def records(stream: BinaryIO, command: CopyCommand, uri: str) -> Generator[Record, None, None]:
    """The records of a file, without the header lines.

    Raises:
        LoadError: the file has another encoding, or a record over 4 MB.
    """
    text = reader_of(stream, command)
    split = _splitter(command)
    is_continued = _continuation(command)
    number = 0
    try:
        for _ in range(command.header_lines):
            number += bool(text.readline(MAX_RECORD))
        while raw := text.readline(MAX_RECORD):
            number += 1
            first = number
            while is_continued(raw) and len(raw) < MAX_RECORD and (line := text.readline(MAX_RECORD)):
                number += 1
                raw += line
            if len(raw) >= MAX_RECORD:
                raise failed(command.table, [Rejection(1216, "The record is longer than 4 MB", uri, first)])
            record = accepted(raw.removesuffix("\n").removesuffix("\r"), command)
            if record or not command.ignore_blank_lines:
                yield first, record, split(record)
    except UnicodeError as error:
        raise wrong_encoding(command, uri) from error
    finally:
        text.detach()  # the caller closes the stream


def _continuation(command: CopyCommand) -> Callable[[str], bool]:
    """Whether a record goes on in the next line."""
    if command.format == "CSV":
        quote = command.quote
        return lambda raw: bool(raw.count(quote) % 2)
    if command.escape:
        return lambda raw: bool(_CONTINUED.search(raw.removesuffix("\n").removesuffix("\r")))
    return lambda _: False


def _splitter(command: CopyCommand) -> Split:
    if command.widths:
        return _fixed_width(command)
    if command.format == "CSV":
        return _csv(command.delimiter, command.quote)
    if command.escape or command.remove_quotes:
        return _scanner(command)
    delimiter = command.delimiter
    return lambda record: record.split(delimiter)


def _csv(delimiter: str, quote: str) -> Split:
    d = re.escape(delimiter)
    q = re.escape(quote)
    field = re.compile(rf"(?:{q}((?:[^{q}]|{q}{q})*){q}|((?:(?!{d})[^{q}])*))({d}|\Z)")

    def split(record: str) -> Fields | BrokenRecord:
        if quote not in record:
            return record.split(delimiter)
        fields = []
        at = 0
        while match := field.match(record, at):
            quoted, plain, end = match.groups()
            fields.append(plain if quoted is None else quoted.replace(quote * 2, quote))
            at = match.end()
            if not end:
                return fields
        return BrokenRecord(1216, "Invalid quote formatting for CSV")

    return split


def _fixed_width(command: CopyCommand) -> Split:
    bounds = []
    at = 0
    for _, width in command.widths:
        bounds.append((at, at + width))
        at += width

    def split(record: str) -> Fields | BrokenRecord:
        if len(record) > at and record[at:].strip():
            return BrokenRecord(1202, "Extra column(s) found")
        return [record[start:end] for start, end in bounds if start < len(record) or start == 0]

    return split


def _scanner(command: CopyCommand) -> Split:
    """Splits with ESCAPE, REMOVEQUOTES, or both."""
    d = re.escape(command.delimiter)
    any_character = r"(?:\\.|[^\\]|\\\Z)" if command.escape else "."
    plain = re.compile(rf"((?:(?!{d}){any_character})*)({d}|\Z)", re.DOTALL)
    quoted = {
        mark: re.compile(rf"{mark}((?:(?!{mark}(?:{d}|\Z)){any_character})*){mark}({d}|\Z)", re.DOTALL)
        for mark in ("'\"" if command.remove_quotes else "")
    }

    def split(record: str) -> Fields | BrokenRecord:
        fields: list[str | None] = []
        at = 0
        while True:
            match = quoted.get(record[at : at + 1], plain).match(record, at)
            if match is None:
                return BrokenRecord(1216, "Invalid input line: a quotation mark is not closed")
            raw, end = match.groups()
            is_null = raw == command.null_as
            fields.append(None if is_null else _ESCAPED.sub(r"\1", raw) if command.escape else raw)
            at = match.end()
            if not end:
                return fields

    return split
