"""The ends of lines and records in delimited text. Sources that cut a file and readers use the same rules.

A line ends with LF (or CR LF) in the file's encoding. Python's csv module parses the records, including quotes.
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
"""The longest line that is read, in bytes; a longer one is hardly text."""
MOST_LINES = 1_000
"""The most lines of a record with quoted values."""
MOST_BYTES = 2**17
"""The most bytes of a record of several lines; csv limits a value to as many characters."""


class UnknownEncoding(ValueError):
    """The encoding of a text is unknown; the message has the remedy."""


class LineTooLong(ValueError):
    """A line does not end within the limit: the file isn't text or has another encoding."""

    def __init__(self) -> None:
        super().__init__(
            f"a line is longer than {LONGEST_LINE:,} bytes: the file is not text, or not in the declared encoding"
        )


def encoding_of(start: bytes, declared: str) -> tuple[str, bytes]:
    """The encoding of a text, and its byte order mark (or no bytes).

    Args:
        start: its first bytes, at least four unless it is shorter.
        declared: the encoding in the format; a byte order mark takes precedence.

    Raises:
        UnknownEncoding: Python doesn't have the encoding, or it is UTF-16 and the text has no byte order mark.
    """
    try:
        name = codecs.lookup(declared).name
    except LookupError as error:
        raise UnknownEncoding(
            f"there is no encoding {declared!r}: declare one that Python has, such as utf-8"
        ) from error
    for mark, encoding in _MARKS:
        # Text in a declared UTF-16 variant may begin with the bytes of another encoding's mark.
        if start.startswith(mark) and (name == encoding or not name.startswith("utf-16-")):
            return encoding, mark
    if name == "utf-16" and start:
        raise UnknownEncoding(
            "the text is declared as UTF-16 and has no byte order mark: declare utf-16-le or utf-16-be"
        )
    return ("utf-8" if name == "utf-8-sig" else name), b""


def line_end(encoding: str) -> bytes:
    """The bytes of LF."""
    return "\n".encode(encoding)


def is_blank(line: bytes, encoding: str) -> bool:
    """Whether a line is blank; csv doesn't count it as a record either."""
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
    """Lines of characters wider than one byte. A line ends only where a character may begin."""
    line = re.compile(rb"(?s:(?:(?!%b).{%d})*+%b)" % (re.escape(end), len(end), re.escape(end)))
    rest = b""
    while block := stream.read(_BLOCK):
        rest += block
        position = 0
        while match := line.match(rest, position):
            yield match[0]
            position = match.end()
        rest = rest[position:]
        if len(rest) > LONGEST_LINE:
            raise LineTooLong
    if rest:
        yield rest


class _Unquoting:
    """Removes the quotes from the values of a line, for formats with one record per line."""

    def __init__(self, delimiter: str, quote: str, encoding: str) -> None:
        self.mark = quote.encode(encoding)
        self._quote = quote
        self._encoding = encoding
        mark = re.escape(quote)
        end = re.escape(delimiter)
        self._value = re.compile(f"(?s:{mark}((?:[^{mark}]|{mark}{mark})*+){mark}(?={end}|\\Z)|([^{end}]*))")

    def values(self, line: bytes) -> list[str]:
        """The values. A mark that doesn't enclose a whole value stays."""
        text = line.decode(self._encoding, "replace").removesuffix("\n").removesuffix("\r")
        values = []
        position = -1
        while position < len(text):
            match = self._value.match(text, position + 1)
            assert match is not None  # noqa: S101  for mypy: the second branch matches anything
            quoted = match[1]
            values.append(match[2] if quoted is None else quoted.replace(2 * self._quote, self._quote))
            position = match.end()
        return values


class Records:
    """Iterates over the values of each record of delimited text; a blank line is a record without values.

    A quotation mark that opens a value by mistake must not spoil the lines after it. So a record of several lines must
    end, by csv's rules, within `MOST_LINES` and `MOST_BYTES`, and must have as many values as there are columns.
    Otherwise its first line is unreadable, and the next record begins on the line after it. The result for a record
    depends only on the lines up to its end, so a file reads the same in parts that are cut between records.

    If values can't span lines, each line is a record, and a mark can't spoil more than its own value.

    Args:
        lines: the lines of a file, or of a part of it.
        form: their format.
        encoding: their encoding.
        width: the number of values in a record; None if the first record is the header, which defines it.

    Attributes (of the current record):
        lines: its lines.
        line: number of its first line among the lines of the iteration, from 1.
        flaw: why it is unreadable, as name and message; its values are then invalid.
        width: the number of values in a record: the argument, or the width of the header.
    """

    def __init__(self, lines: Iterator[bytes], form: Delimited, encoding: str, width: int | None) -> None:
        self.lines: list[bytes] = []
        self.line = 1
        self.flaw: tuple[str, str] | None = None
        self.width = width
        self._form = form
        self._encoding = encoding
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
        """Keep only the first line of a record whose quoted value doesn't end properly."""
        self._given_back.extendleft(reversed(self.lines[1:]))
        del self.lines[1:]
        self.flaw = (
            "unclosed_quote",
            f"a quoted value begins here and no record with one value per column ends within {MOST_LINES:,} lines and "
            f"{MOST_BYTES:,} bytes",
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
        """The lines as text. Csv reads as many as a record needs; if there are no more, it raises an error."""
        encoding = self._encoding
        size = 0
        for line in chain(_taken_from(self._given_back), self._following):
            if self.lines:
                size = len(line) + (size if len(self.lines) > 1 else len(self.lines[0]))
                if len(self.lines) == MOST_LINES or size > MOST_BYTES:
                    self.lines.append(line)  # `_give_back` returns it
                    return
            self.lines.append(line)
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError as error:
                self.flaw = ("undecodable", f"byte {error.start} of the line is not {encoding}: {error.reason}")
                text = line.decode(encoding, "replace")
            if "\0" in text:
                self.flaw = ("nul_character", "the line has a NUL character, which text can't contain")
            yield text
        self._is_at_end = True


def width_at_start(form: Delimited) -> int | None:
    """The number of values in a record before a file is read; None if the file has a header, which defines it."""
    return None if form.header else len(form.columns)


def _taken_from(given_back: deque[bytes]) -> Iterator[bytes]:
    while given_back:
        yield given_back.popleft()
