"""The formats of an entity's records. A source declares one, and the lake's readers read it.

A raw object has the bytes as the source sent them; the format defines where its records begin and end. Large files of
lines (`Delimited`, `JsonLines`) are landed in parts that are cut between records. In every other format, an object is
one whole document.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document: one record, an array of them, JSON Lines, or a page with a list of records.

    Attributes:
        collection: keys from the top of a page to the list of records, such as `("_embedded", "events")`.
        page_marks: top-level keys of a response without records.
        error_marks: top-level keys of an error response.
        record_mark: top-level key that only a single record has.
    """

    collection: tuple[str, str] | None = None
    page_marks: frozenset[str] = frozenset()
    error_marks: frozenset[str] = frozenset()
    record_mark: str = "id"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object per line, in UTF-8."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """Delimited text, such as CSV. A record is a dictionary of text by column; null values are None.

    Attributes:
        columns: names in the order of the file, as the source names the raw model's fields. If the file has a header,
            its names and order apply; a name that differs only in case is one of these.
        delimiter: one character.
        header: whether the first line is a header with column names.
        quote: character around values that contain a delimiter, a line end or (doubled) the quote. None: no value is
            quoted, every line is a record, and a quotation mark is an ordinary character.
        spans_lines: whether a quoted value may contain a line end, as in CSV. If not, every line is a record, and marks
            quote a value only if they enclose all of it and those inside are doubled. Other marks are ordinary
            characters. If a line has the right number of values only without quoting, so are all its marks.
        null: values that mean "no value", compared with the text without quotes.
        encoding: name of a Python codec that is one byte wide for ASCII, or `utf-16`, `utf-16-le`, `utf-16-be`. A
            byte order mark at the start of a file takes precedence.
    """

    columns: tuple[str, ...]
    delimiter: str = ","
    header: bool = False
    quote: str | None = '"'
    spans_lines: bool = True
    null: frozenset[str] = frozenset({""})
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or self.delimiter in "\r\n\0":
            raise ValueError(f"{self.delimiter!r} cannot delimit values: use one character that is not a line end")
        if self.quote is not None and (len(self.quote) != 1 or self.quote in f"\r\n\0{self.delimiter}"):
            raise ValueError(f"{self.quote!r} cannot quote values: use one character other than the delimiter, or None")
        if len(set(self.columns)) != len(self.columns) or not self.columns:
            raise ValueError(f"columns must have distinct names: {', '.join(self.columns) or 'there are none'}")

    @property
    def is_line_a_record(self) -> bool:
        """Whether every line that isn't blank is a record."""
        return self.quote is None or not self.spans_lines


@dataclass(frozen=True, slots=True)
class Xml:
    """An XML document with elements that are records.

    A record is a dictionary of child elements and attributes by local name (attributes with a leading `@`). An element
    with only text is text; with attributes, the text is `#text`. A repeated name is a list.

    Attributes:
        record: local name of the elements that are records, at any depth and in any namespace.
    """

    record: str


@dataclass(frozen=True, slots=True)
class Parquet:
    """A Parquet file. A record is a row as JSON: decimals, dates and times as text, NaN and infinities as null."""


Format = Json | JsonLines | Delimited | Xml | Parquet
