"""Where the lines and records of delimited text end: one answer for whoever cuts a file and whoever reads it.

A line ends in LF (or CR LF), in the file's encoding. What a record is made of, quotes and all, is for Python's csv
module to say.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import IO

from schemas.formats import Delimited

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLOCK = 2**16
LONGEST_LINE = 2**25
"""Bytes of the longest line that is read; what is longer is hardly text."""
MOST_LINES = 1_000
"""Lines that a record with quoted values may run over."""
MOST_BYTES = 2**17
"""Bytes of a record that runs over several lines; as many characters as csv takes in one value."""


class UnknownEncoding(ValueError):
    """It cannot be told how a text is encoded; the message says what to declare."""


class LineTooLong(ValueError):
    """A line never seems to end: the file is no text, or of another encoding."""

    def __init__(self) -> None:
        super().__init__(
            f"a line is longer than {LONGEST_LINE:,} bytes: the file is no text, or not of the encoding declared"
        )


def encoding_of(start: bytes, declared: str) -> tuple[str, bytes]:
    """The encoding of a text, and the byte order mark that it begins with (or nothing).

    Args:
        start: its first bytes, at least four unless it is shorter.
        declared: what the format declares; a byte order mark counts more.

    Raises:
        UnknownEncoding: UTF-16 is declared and no byte order mark says which, or Python has no such encoding.
    """
    try:
        name = codecs.lookup(declared).name
    except LookupError as error:
        raise UnknownEncoding(f"there is no encoding {declared!r}: declare one that Python knows, as utf-8") from error
    for mark, encoding in _MARKS:
        # what is declared byte by byte may begin with the bytes of another's mark
        if start.startswith(mark) and (name == encoding or not name.startswith("utf-16-")):
            return encoding, mark
    if name == "utf-16" and start:
        raise UnknownEncoding(
            "the text is declared as UTF-16 and begins without a byte order mark: declare utf-16-le or utf-16-be"
        )
    return ("utf-8" if name == "utf-8-sig" else name), b""


def line_end(encoding: str) -> bytes:
    """The bytes of LF."""
    return "\n".encode(encoding)


def is_blank(line: bytes, encoding: str) -> bool:
    """Whether there is nothing on a line: it is no record, for csv either."""
    if len(line_end(encoding)) == 1:
        return not line.strip(b"\r\n")
    return not line.decode(encoding, "replace").strip("\r\n")


def lines(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    """The lines with their ends, byte for byte; the last one may have none.

    Raises:
        LineTooLong: a line is longer than `LONGEST_LINE`.
    """
    end = line_end(encoding)
    return _lines(stream) if len(end) == 1 else _wide_lines(stream, end)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise LineTooLong
        yield line


def _wide_lines(stream: IO[bytes], end: bytes) -> Iterator[bytes]:
    """Lines of characters that are wider than a byte: the end counts only where a character may begin."""
    line = re.compile(rb"(?s:(?:(?!%b).{%d})*+%b)" % (re.escape(end), len(end), re.escape(end)))
    rest = b""
    while block := stream.read(_BLOCK):
        rest += block
        at = 0
        while found := line.match(rest, at):
            yield found[0]
            at = found.end()
        rest = rest[at:]
        if len(rest) > LONGEST_LINE:
            raise LineTooLong
    if rest:
        yield rest


class _Unquoting:
    """Takes the marks off the values of a line, where every line is a record."""

    def __init__(self, delimiter: str, quote: str, encoding: str) -> None:
        self.mark = quote.encode(encoding)
        self._quote, self._encoding = quote, encoding
        mark, end = re.escape(quote), re.escape(delimiter)
        self._value = re.compile(f"(?s:{mark}((?:[^{mark}]|{mark}{mark})*+){mark}(?={end}|\\Z)|([^{end}]*))")

    def values(self, line: bytes) -> list[str]:
        """The values; a mark that is not around a whole value stays."""
        text = line.decode(self._encoding, "replace").removesuffix("\n").removesuffix("\r")
        found, at = [], -1
        while at < len(text):
            match = self._value.match(text, at + 1)
            assert match is not None  # noqa: S101  for mypy: the second branch matches anything
            quoted = match[1]
            found.append(match[2] if quoted is None else quoted.replace(2 * self._quote, self._quote))
            at = match.end()
        return found


class Records:
    """Iterates over the values of each record of delimited text; a blank line is a record without any.

    A quotation mark that opens a value by mistake must not take the lines after it along. So a record of several lines
    has to end, as csv demands it, within `MOST_LINES` and `MOST_BYTES`, and to have as many values as there are
    columns; else its first line is unreadable, and the next record begins on the line after it. What that tells of a
    record depends on the lines up to its end alone: a file reads the same in parts that are cut between records.

    Where no value spans lines, each line is a record and no mark can take more than its own value along.

    Args:
        lines: the lines of a file, or of a part of it.
        form: how they are written.
        encoding: their encoding.
        width: values that a record has; None where the first record is the header, which will say.

    Attributes (of the record that the iteration is at):
        lines: the lines that it is made of.
        line: number of the first one, counted from the first line given, from 1.
        flaw: name of what makes it unreadable, and why; its values then count for nothing.
        width: as given, or as the header says.
    """

    def __init__(self, lines: Iterator[bytes], form: Delimited, encoding: str, width: int | None) -> None:
        self.lines: list[bytes] = []
        self.line = 1
        self.flaw: tuple[str, str] | None = None
        self.width = width
        self._form, self._encoding = form, encoding
        self._unquoting = (
            _Unquoting(form.delimiter, form.quote, encoding) if form.quote and form.is_line_a_record else None
        )
        self._following = lines
        self._given_back: deque[bytes] = deque()
        self._is_at_end = False
        self._rows = self._reader()

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            self.line += len(self.lines)
            self.lines = []
            self.flaw = None
            try:
                values = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                values = []
                if len(self.lines) > 1 or self._is_at_end:
                    self._give_back()
                else:
                    self.flaw = self.flaw or ("malformed_line", str(error))
            if len(self.lines) > 1 and self.width not in (None, len(values)):
                values = []
                self._give_back()
            if self._unquoting and values and self._unquoting.mark in self.lines[0]:
                unquoted = self._unquoting.values(self.lines[0])
                values = values if len(values) == self.width != len(unquoted) else unquoted
            if self.width is None and (values or self.flaw):
                self.width = len(values) or len(self._form.columns)
            yield values

    def _give_back(self) -> None:
        """Keep the first line only, of a quoted value that does not end as it should."""
        self._given_back.extendleft(reversed(self.lines[1:]))
        del self.lines[1:]
        self.flaw = (
            "unclosed_quote",
            f"a quoted value begins here and does not end, in a record of as many values as there are columns, within "
            f"{MOST_LINES:,} lines and {MOST_BYTES:,} bytes",
        )
        self._rows = self._reader()

    def _reader(self) -> Iterator[list[str]]:
        self._is_at_end = False
        return csv.reader(
            self._texts(),
            delimiter=self._form.delimiter,
            quotechar=self._form.quote,
            quoting=csv.QUOTE_NONE if self._form.is_line_a_record else csv.QUOTE_MINIMAL,
            strict=True,
        )

    def _texts(self) -> Iterator[str]:
        """The lines as text; csv asks for as many as a record takes, and calls it an error when there are no more."""
        encoding, size = self._encoding, 0
        for line in chain(_taken_from(self._given_back), self._following):
            if self.lines:
                size = len(line) + (size if len(self.lines) > 1 else len(self.lines[0]))
                if len(self.lines) == MOST_LINES or size > MOST_BYTES:
                    self.lines.append(line)  # to be given back
                    return
            self.lines.append(line)
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError as error:
                self.flaw = ("undecodable", f"byte {error.start} of the line is no {encoding}: {error.reason}")
                text = line.decode(encoding, "replace")
            if "\0" in text:
                self.flaw = ("nul_character", "a NUL character, which no text holds")
            yield text
        self._is_at_end = True


def width_at_start(form: Delimited) -> int | None:
    """Values that a record has, as far as that is known before a file is read: its header, if any, is to say."""
    return None if form.header else len(form.columns)


def _taken_from(given_back: deque[bytes]) -> Iterator[bytes]:
    while given_back:
        yield given_back.popleft()
