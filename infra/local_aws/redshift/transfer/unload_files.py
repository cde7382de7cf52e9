"""The files that UNLOAD writes: one writer a format. Each file is on the local disk until it is complete."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import LoadError
from . import unload_types
from .compression import compressed
from .unload_command import UnloadCommand

_BUFFERED_BYTES = 16_000_000

Row = tuple["str | None", ...]


class PartFile(Protocol):
    """A file that takes rows until it has its maximum size."""

    rows: int

    def write(self, rows: Any) -> None:
        """Appends rows of the format's own kind."""
        ...

    @property
    def size(self) -> int:
        """Its size so far in bytes, as closely as we know."""
        ...

    def close(self) -> None:
        """Completes the file."""
        ...


class ParquetFile:
    """Parquet, in row groups of bounded size."""

    def __init__(self, path: Path, schema: pa.Schema, row_group_bytes: int) -> None:
        self.rows = 0
        self._path = path
        self._schema = schema
        self._group_bytes = min(row_group_bytes, _BUFFERED_BYTES)
        self._writer = pq.ParquetWriter(path, schema, compression="snappy")
        self._buffered: list[pa.Table] = []

    def write(self, rows: pa.Table) -> None:
        """See PartFile."""
        self.rows += rows.num_rows
        self._buffered.append(rows)
        if sum(table.nbytes for table in self._buffered) >= self._group_bytes:
            self._flush()

    @property
    def size(self) -> int:
        """See PartFile."""
        return self._path.stat().st_size + sum(int(table.nbytes) for table in self._buffered)

    def close(self) -> None:
        """See PartFile."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._buffered:
            self._writer.write_table(pa.concat_tables(self._buffered))
            self._buffered = []


@dataclass(frozen=True, slots=True)
class Lines:
    """Some rows as text."""

    content: bytes
    count: int


class TextFile:
    """Lines of text, compressed if the command has a compression."""

    def __init__(self, path: Path, compression: str, header: str) -> None:
        self.rows = 0
        self.size = 0
        self._stream = compressed(path, compression)
        self.write(Lines(header.encode(), 0))

    def write(self, rows: Lines) -> None:
        """See PartFile."""
        self.rows += rows.count
        self.size += len(rows.content)
        self._stream.write(rows.content)

    def close(self) -> None:
        """See PartFile."""
        self._stream.close()


def line_writer(command: UnloadCommand, columns: Sequence[psycopg.Column]) -> Callable[[Row], str]:
    """How a row of these columns becomes a line.

    Raises:
        LoadError: FIXEDWIDTH has another number of columns.
    """
    if command.format == "JSON":
        return _json_line(columns)
    texts = [unload_types.as_text(column) for column in columns]
    if command.widths:
        return _fixed_line(command, columns, texts)
    field = _csv_field(command) if command.format == "CSV" else _text_field(command)
    delimiter = command.delimiter
    return lambda row: delimiter.join([field(text(value)) for text, value in zip(texts, row, strict=True)])


def header(command: UnloadCommand, columns: Sequence[psycopg.Column]) -> str:
    """The first line of each file; empty without HEADER."""
    if not command.header:
        return ""
    field = _csv_field(command) if command.format == "CSV" else _text_field(command)
    return command.delimiter.join(field(column.name) for column in columns) + "\n"


def _json_line(columns: Sequence[psycopg.Column]) -> Callable[[Row], str]:
    names = [json.dumps(column.name, ensure_ascii=False) for column in columns]
    values = [unload_types.as_json(column) for column in columns]
    return lambda row: (
        "{" + ",".join([f"{name}:{value(cell)}" for name, value, cell in zip(names, values, row, strict=True)]) + "}"
    )


def _csv_field(command: UnloadCommand) -> Callable[[str | None], str]:
    null = command.null_as or ""
    special = (command.delimiter, '"', "\n", "\r")

    def field(text: str | None) -> str:
        if text is None:
            return null
        if any(mark in text for mark in special):
            return '"' + text.replace('"', '""') + '"'
        return text

    return field


def _text_field(command: UnloadCommand) -> Callable[[str | None], str]:
    null = command.null_as or ""
    quote = '"' if command.add_quotes else ""
    escaped = {"\\", "\n", "\r", command.delimiter} | ({'"', "'"} if command.add_quotes else set())
    table = str.maketrans({mark: "\\" + mark for mark in escaped}) if command.escape else {}

    def field(text: str | None) -> str:
        if text is None:
            return null
        return f"{quote}{text.translate(table) if table else text}{quote}"

    return field


def _fixed_line(
    command: UnloadCommand, columns: Sequence[psycopg.Column], texts: Sequence[unload_types.Text]
) -> Callable[[Row], str]:
    if len(command.widths) != len(columns):
        raise LoadError(f"FIXEDWIDTH has {len(command.widths)} columns, and the query {len(columns)}")
    widths = [width for _, width in command.widths]

    def line(row: Row) -> str:
        cells = []
        for column, text, width, value in zip(columns, texts, widths, row, strict=True):
            cell = text(value)
            if cell is None:
                cell = _fixed_null(command, column, width)
            if len(cell) > width:
                raise LoadError(f"UNLOAD: a value of column {column.name} is longer than its fixed width of {width}")
            cells.append(cell.ljust(width))
        return "".join(cells)

    return line


def _fixed_null(command: UnloadCommand, column: psycopg.Column, width: int) -> str:
    """NULL's text: blanks where it does not fit, unless the column has texts."""
    null = command.null_as or ""
    is_text = unload_types.kind(column) in ("varchar", "text", "bpchar")
    return "" if len(null) > width and not is_text else null
