"""Recognises delimited text as Glue's CSV classifiers do: from the beginning of a file to columns and their types.

What is Glue's, and where it is written:

- Built-in: comma, pipe, tab, semicolon or Ctrl-A; at least two columns and two rows of data; which first row is a
  heading (see `_is_heading`); the table is read by LazySimpleSerDe.
  https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html
- Custom: tried before the built-in one, in the crawler's order; delimiter, quote symbol, heading and column names as
  given; the SerDe is the one given, or detected.
  https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-csv
- The first 1,000 records or the first megabyte of a file are read, whichever comes first.
  https://repost.aws/knowledge-center/glue-crawler-detect-schema
- Types are bigint, double, boolean and string; dates, timestamps and decimals are not recognised.
  https://help.datarepublic.com/en/articles/6253828-how-does-data-vault-detect-schema-from-csv-files

What Glue does not publish, and is decided here: columns are counted from 0 (`col0`, as seen in its tables; its manual
says `col1`); a delimiter is right when seven rows of ten have the same number of columns; a custom classifier fits only
files with as many columns as its `Header` names, and asks for one row; its quote symbol is the double quote and its
delimiter any of the five, unless given; quoted values make it choose OpenCSVSerDe; a heading's empty names become
`colN`, repeated ones get a number. The text `\\N` is text. A row is one line, as for both SerDes. Text that begins like
JSON or XML is not taken for CSV by the built-in classifier: Glue asks those classifiers first.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .column_types import STRING, UNKNOWN, GlueType, merge, of_text

SAMPLE_BYTES = 1024 * 1024
SAMPLE_ROWS = 1000
DELIMITERS = (",", "|", "\t", ";", "\x01")
_AGREEING = 0.7
_LONGEST_NAME = 150
_NAME = re.compile(r"[\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF\t]+")  # NameString in the API reference
_NOT_TEXT = ("{", "[", "<")

Heading = Literal["UNKNOWN", "PRESENT", "ABSENT"]
Serde = Literal["LazySimpleSerDe", "OpenCSVSerDe"]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out, so far as readers of its table must know."""

    delimiter: str
    quote: str
    has_heading: bool
    is_quoted: bool
    fixed_serde: Serde | None

    @property
    def serde(self) -> Serde:
        """The library that reads the table: the one that was given, else one that knows quotes where there are any."""
        return self.fixed_serde or ("OpenCSVSerDe" if self.is_quoted else "LazySimpleSerDe")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that a classifier knows: its layout, and its columns in the file's order."""

    layout: Layout
    columns: dict[str, GlueType]


@dataclass(frozen=True, slots=True)
class CsvClassifier:
    """One CSV classifier; the defaults are those of a custom one of which only the name is given."""

    name: str
    delimiter: str | None = None
    quote: str = '"'
    heading: Heading = "UNKNOWN"
    header: tuple[str, ...] = ()
    trims_values: bool = False
    allows_single_column: bool = False
    serde: Serde | None = None
    least_rows: int = 1

    def recognise(self, lines: Sequence[str]) -> Recognised | None:
        """What these lines are, or None when they are nothing that this classifier knows."""
        attempts = {delimiter: _rows(lines, delimiter, self.quote) for delimiter in self._delimiters()}
        fitting = {
            delimiter: rows
            for delimiter, rows in attempts.items()
            if len(rows) >= _AGREEING * len(lines) and self._fits(len(rows[0]))
        }
        if not fitting:
            return None
        delimiter, rows = max(fitting.items(), key=lambda attempt: (len(attempt[1]), len(attempt[1][0])))
        if self.trims_values:
            rows = [[value.strip() for value in row] for row in rows]
        has_heading = self._has_heading(rows)
        data = rows[1:] if has_heading else rows
        if len(data) < self.least_rows:
            return None
        names = self.header or _distinct(rows[0] if has_heading else [""] * len(rows[0]))
        is_quoted = any(line.startswith(self.quote) or delimiter + self.quote in line for line in lines)
        layout = Layout(delimiter, self.quote, has_heading, is_quoted, self.serde)
        return Recognised(layout, dict(zip(names, _kinds(data), strict=True)))

    def _delimiters(self) -> tuple[str, ...]:
        return DELIMITERS if self.delimiter is None else (self.delimiter,)

    def _fits(self, width: int) -> bool:
        if self.header:
            return width == len(self.header)
        return width >= 2 or self.allows_single_column

    def _has_heading(self, rows: Sequence[Sequence[str]]) -> bool:
        return self.heading == "PRESENT" or (self.heading == "UNKNOWN" and _is_heading(rows))


BUILT_IN = CsvClassifier("csv", serde="LazySimpleSerDe", least_rows=2)


def recognise(sample: bytes, classifiers: Iterable[CsvClassifier]) -> Recognised | None:
    """What a file that begins with `sample` is, by the first classifier that knows it; None when none does.

    Args:
        sample: the file's beginning, unpacked, at most `SAMPLE_BYTES`; a sample of that size is taken to be cut.
    """
    lines = _lines(sample)
    if not lines or any("\0" in line for line in lines):
        return None
    for classifier in classifiers:
        if classifier is BUILT_IN and lines[0].lstrip().startswith(_NOT_TEXT):
            continue
        if (found := classifier.recognise(lines)) is not None:
            return found
    return None


def _lines(sample: bytes) -> list[str]:
    """The sample's first lines without empty ones, as Hadoop's text reader cuts them; a line cut in two is left out."""
    text = sample.decode("utf-8-sig", errors="replace")
    lines = re.split(r"\r\n|\n|\r", text)
    if len(sample) >= SAMPLE_BYTES:
        lines.pop()
    return [line for line in lines if line][:SAMPLE_ROWS]


def _rows(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    """The lines cut at the delimiter, only those that have the most frequent number of columns."""
    rows = [_cut(line, delimiter, quote) for line in lines]
    ((width, _),) = Counter(map(len, rows)).most_common(1)
    return [row for row in rows if len(row) == width]


def _cut(line: str, delimiter: str, quote: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote))
    except csv.Error:
        return [line]  # a value longer than the reader's limit: surely no row of this file


def _kinds(rows: Sequence[Sequence[str]]) -> list[GlueType]:
    return [_kind(column) for column in zip(*rows, strict=True)]


def _kind(values: Iterable[str]) -> GlueType:
    kind = UNKNOWN
    for value in values:
        kind = merge(kind, of_text(value), strict=False)
        if kind == STRING:
            break
    return kind


def _is_heading(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: all of it is text fit for names, and not all below it is text.

    The last column may be empty throughout (a delimiter at the end of each line), and is not held to the length.
    """
    first, kinds = rows[0], _kinds(rows[1:])
    named = first if any(row[-1] for row in rows) else first[:-1]
    return (
        all(of_text(name) == STRING and _NAME.fullmatch(name) for name in named)
        and all(len(name) < _LONGEST_NAME for name in first[:-1])
        and any(kind not in (STRING, UNKNOWN) for kind in kinds)
    )


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, each once whatever its case."""
    distinct: dict[str, str] = {}
    for position, name in enumerate(names):
        chosen = name if name.strip() else f"col{position}"
        while chosen.lower() in distinct:
            chosen = f"{chosen}_{position}"
        distinct[chosen.lower()] = chosen
    return [*distinct.values()]
