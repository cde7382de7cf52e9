"""How an entity's records are written down: declared by a source, read by the lake's readers.

A raw object holds the bytes as the source gave them; the format says where its records begin and end. Large files of
lines (`Delimited`, `JsonLines`) are landed in parts that are cut between records; of every other format an object is
one whole document.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document: one record, an array of them, JSON Lines, or a page that holds a list of records.

    Attributes:
        collection: keys that lead from the top of a page to the list of records, such as `("_embedded", "events")`.
        page_marks: top-level keys that an answer without any record has.
        error_marks: top-level keys of an answer that is an error.
        record_mark: top-level key that only a record standing alone has.
    """

    collection: tuple[str, str] | None = None
    page_marks: frozenset[str] = frozenset()
    error_marks: frozenset[str] = frozenset()
    record_mark: str = "id"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object a line, in UTF-8."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """Delimited text: CSV and its kin. A record is a dictionary of text by column; what is null there is None.

    Attributes:
        columns: names in the file's order, as the raw model's fields are called in the source. With a header, the
            header's names and order count; those that differ in case only are these.
        delimiter: one character.
        header: whether the first line names the columns.
        quote: character around values that hold a delimiter, a line end or (doubled) the quote; None: no value is
            quoted, every line is a record and a quotation mark is a character like any other.
        spans_lines: whether a quoted value may hold a line end, as in CSV. If not, every line is a record, and marks
            count only around a whole value that has those within it doubled; any other is a character like the rest,
            and so are all of a line that has its right number of values only without them.
        null: values that mean "no value", compared with the text as it is without its quotes.
        encoding: name of a Python codec that is one byte wide for ASCII, or `utf-16`, `utf-16-le`, `utf-16-be`; a
            byte order mark at the start of a file counts more.
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
            raise ValueError(f"{self.delimiter!r} cannot delimit values: use one character that is no line end")
        if self.quote is not None and (len(self.quote) != 1 or self.quote in f"\r\n\0{self.delimiter}"):
            raise ValueError(f"{self.quote!r} cannot quote values: use one character other than the delimiter, or None")
        if len(set(self.columns)) != len(self.columns) or not self.columns:
            raise ValueError(f"columns must be named, each once: {', '.join(self.columns) or 'there are none'}")

    @property
    def is_line_a_record(self) -> bool:
        """Whether every line that is not blank is a record."""
        return self.quote is None or not self.spans_lines


@dataclass(frozen=True, slots=True)
class Xml:
    """An XML document with elements that are records.

    A record is a dictionary: child elements and attributes by their local names (attributes with `@` before), text
    where an element holds nothing else (as `#text` beside attributes), a list where a name is repeated.

    Attributes:
        record: local name of the elements that are records, at any depth; namespaces do not count.
    """

    record: str


@dataclass(frozen=True, slots=True)
class Parquet:
    """A Parquet file. A record is a row as JSON: decimals, dates and times as text, NaN and infinities as null."""


Format = Json | JsonLines | Delimited | Xml | Parquet
