"""Recognises delimited text as Glue's CSV classifiers do: from the start of a file to columns and their types.

Glue's rules, with their sources:

- Built-in: comma, pipe, tab, semicolon or Ctrl-A; at least two columns and two rows of data; see `_is_heading` for the
  first row; LazySimpleSerDe reads the table.
  https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html
- Custom: tried before the built-in one, in the crawler's order; uses the configured delimiter, quote symbol, heading
  and column names; the SerDe is configured or detected.
  https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-csv
- It reads the first 1,000 records or the first megabyte of a file, whichever comes first.
  https://repost.aws/knowledge-center/glue-crawler-detect-schema
- Types are bigint, double, boolean and string; it doesn't recognise dates, timestamps and decimals.
  https://help.datarepublic.com/en/articles/6253828-how-does-data-vault-detect-schema-from-csv-files

Glue doesn't document the following, so we decided: columns are counted from 0 (`col0`, as its tables show; its manual
has `col1`). A delimiter is right if seven of ten rows have the same number of columns. A custom classifier only fits
files with as many columns as its `Header`, and needs one row. By default, its quote symbol is the double quote and its
delimiter any of the five. If values are quoted, it chooses OpenCSVSerDe. Empty names in a heading become `colN`, and
repeated names get a number. The text `\\N` is text. A row is one line, as for both SerDes. The built-in classifier
doesn't take text that begins like JSON or XML for CSV, because Glue tries those classifiers first.
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
    """The layout of a file, as far as readers of its table need it."""

    delimiter: str
    quote: str
    has_heading: bool
    is_quoted: bool
    fixed_serde: Serde | None

    @property
    def serde(self) -> Serde:
        """The library that reads the table: the configured one, else one that handles quotes if there are any."""
        return self.fixed_serde or ("OpenCSVSerDe" if self.is_quoted else "LazySimpleSerDe")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that a classifier recognises: its layout, and its columns in the file's order."""

    layout: Layout
    columns: dict[str, GlueType]


@dataclass(frozen=True, slots=True)
class CsvClassifier:
    """A CSV classifier. The defaults are those of a custom classifier with only a name."""

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
        """The layout and columns of these lines, or None if this classifier doesn't recognise them."""
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
    """Recognises a file by its start, with the first classifier that fits; None if none does.

    Args:
        sample: the file's start, unpacked, at most `SAMPLE_BYTES`; a sample of that size is considered to be cut off.
        classifiers: those to try, in order.
    """
    lines = _lines(sample)
    if not lines or any("\0" in line for line in lines):
        return None
    for classifier in classifiers:
        if classifier is BUILT_IN and lines[0].lstrip().startswith(_NOT_TEXT):
            continue
        if (result := classifier.recognise(lines)) is not None:
            return result
    return None


def _lines(sample: bytes) -> list[str]:
    """The sample's first lines, split as Hadoop's text reader does, without empty lines and a last line cut in two."""
    text = sample.decode("utf-8-sig", errors="replace")
    lines = re.split(r"\r\n|\n|\r", text)
    if len(sample) >= SAMPLE_BYTES:
        lines.pop()
    return [line for line in lines if line][:SAMPLE_ROWS]


def _rows(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    """The lines split at the delimiter. Only rows with the most frequent number of columns."""
    rows = [_split_line(line, delimiter, quote) for line in lines]
    ((width, _),) = Counter(map(len, rows)).most_common(1)
    return [row for row in rows if len(row) == width]


def _split_line(line: str, delimiter: str, quote: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote))
    except csv.Error:
        return [line]  # a value longer than the reader's limit is not a row of this file


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
    """Whether the first row is a heading: all of it is text that can be a name, and not all rows below are text.

    The last column may be empty in all rows (a delimiter at the end of each line). Its length is not checked.
    """
    heading = rows[0]
    kinds = _kinds(rows[1:])
    checked_names = heading if any(row[-1] for row in rows) else heading[:-1]
    return (
        all(of_text(name) == STRING and _NAME.fullmatch(name) for name in checked_names)
        and all(len(name) < _LONGEST_NAME for name in heading[:-1])
        and any(kind not in (STRING, UNKNOWN) for kind in kinds)
    )


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, made unique ignoring case."""
    distinct: dict[str, str] = {}
    for position, name in enumerate(names):
        unique_name = name if name.strip() else f"col{position}"
        while unique_name.lower() in distinct:
            unique_name = f"{unique_name}_{position}"
        distinct[unique_name.lower()] = unique_name
    return [*distinct.values()]
