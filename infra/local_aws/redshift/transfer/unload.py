"""UNLOAD: writes the rows of a query to S3 objects, optionally partitioned, with a manifest. Memory is bounded.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pyarrow as pa

from ..errors import LoadError, UnsupportedStatement
from . import unload_types
from .objects import ObjectStore
from .unload_command import UnloadCommand
from .unload_files import Lines, ParquetFile, PartFile, TextFile, header, line_writer

_BATCH_ROWS = 20_000
_TEXT_BATCH_ROWS = 1_000
_MOST_OPEN = 64
"""How many partitions have an open file at a time."""

Keys = tuple[Any, ...]


@dataclass(slots=True)
class Unloaded:
    """What UNLOAD wrote: URI, size in bytes and number of rows of each file."""

    format: str
    files: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The number of rows in all files."""
        return sum(rows for _, _, rows in self.files)

    @property
    def notices(self) -> list[str]:
        """Redshift's messages to the client."""
        return [f"UNLOAD completed, {self.rows} record(s) unloaded successfully."]


def unload(connection: psycopg.Connection, command: UnloadCommand, sql: str, store: ObjectStore) -> Unloaded:
    """Runs UNLOAD in the connection's transaction.

    Args:
        connection: the session's.
        command: the UNLOAD.
        sql: its query, translated.
        store: where the files go.

    Raises:
        LoadError: The destination is not empty, or a column can't be written.
        UnsupportedStatement: A clause is not supported here.
    """
    columns = _columns(connection, sql)
    if command.unsupported:
        raise UnsupportedStatement(f"{command.unsupported} is not supported here")
    for name in command.partition_by:
        if name not in [column.name for column in columns]:
            raise LoadError(f"UNLOAD: partition column {name} is not in the query")
    if len(command.partition_by) == len(columns) and not command.include_partitions:
        raise LoadError("UNLOAD: a query with partition columns only needs INCLUDE")
    _clear_or_refuse(command, store)
    outcome = Unloaded(command.format)
    with tempfile.TemporaryDirectory(prefix="unload-") as folder:
        files = _Files(command, columns, store, Path(folder), outcome)
        if command.format == "PARQUET":
            for table in _tables(connection, sql, columns):
                files.write_table(table)
        else:
            for rows in _rows(connection, sql):
                files.write_rows(rows)
        files.close()
    if command.manifest:
        body = json.dumps(_manifest(command, columns, outcome), indent=2).encode()
        store.write(f"{command.target}manifest", lambda file: _write_bytes(file, body))
    return outcome


def _columns(connection: psycopg.Connection, sql: str) -> list[psycopg.Column]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS unloaded LIMIT 0")
        return list(cursor.description or [])


def _tables(connection: psycopg.Connection, sql: str, columns: Sequence[psycopg.Column]) -> Iterator[pa.Table]:
    """The query's rows in batches."""
    schema = pa.schema([pa.field(column.name, unload_types.arrow_type(column)) for column in columns])
    with connection.cursor("rs_unload") as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_BATCH_ROWS):
            arrays = [
                unload_types.array(list(values), target.type)
                for values, target in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            yield pa.table(arrays, schema=schema)


def _rows(connection: psycopg.Connection, sql: str) -> Iterator[list[Any]]:
    """The query's rows in batches, as PostgreSQL's texts."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT") as source:
        batch: list[Any] = []
        for row in source.rows():
            batch.append(row)
            if len(batch) == _TEXT_BATCH_ROWS:
                yield batch
                batch = []
        if batch:
            yield batch


class _Files:
    """The open files, by partition. A file that has its maximum size is sent to S3, and the next one is begun."""

    def __init__(
        self,
        command: UnloadCommand,
        columns: Sequence[psycopg.Column],
        store: ObjectStore,
        folder: Path,
        outcome: Unloaded,
    ) -> None:
        self._command = command
        self._store = store
        self._folder = folder
        self._outcome = outcome
        names = [column.name for column in columns]
        self._keys = [names.index(name) for name in command.partition_by]
        dropped = set() if command.include_partitions else set(self._keys)
        self._kept = [i for i in range(len(columns)) if i not in dropped]
        self._columns = [columns[i] for i in self._kept]
        self._is_whole = len(self._kept) == len(columns)
        self._schema: pa.Schema | None = None
        self._line = line_writer(command, self._columns)
        self._header = header(command, self._columns)
        if command.format == "PARQUET":
            self._schema = pa.schema([pa.field(c.name, unload_types.arrow_type(c)) for c in self._columns])
        self._open: dict[str, tuple[PartFile, Path]] = {}
        self._parts: dict[str, int] = {}
        self._numbers = itertools.count()

    def write_table(self, table: pa.Table) -> None:
        """Writes rows of a Parquet file."""
        keys = zip(*(table.column(i).to_pylist() for i in self._keys), strict=True) if self._keys else None
        kept = table if self._is_whole else table.select(self._kept)
        for path, rows in self._by_partition(keys, table.num_rows):
            part = kept if rows is None else kept.take(rows)
            self._append(path, part, part.nbytes)

    def write_rows(self, batch: list[Any]) -> None:
        """Writes rows of a text file."""
        keys = (tuple(row[i] for i in self._keys) for row in batch) if self._keys else None
        kept = batch if self._is_whole else [tuple(row[i] for i in self._kept) for row in batch]
        for path, rows in self._by_partition(keys, len(batch)):
            lines = self._lines(kept if rows is None else [kept[i] for i in rows])
            self._append(path, lines, len(lines.content))

    def _lines(self, rows: list[Any]) -> Lines:
        return Lines("".join([self._line(row) + "\n" for row in rows]).encode(), len(rows))

    def close(self) -> None:
        """Completes all files. Without rows and partitions there is one empty file."""
        if not self._parts and not self._command.partition_by:
            self._append("", self._schema.empty_table() if self._schema is not None else Lines(b"", 0), 0)
        for path in list(self._open):
            self._send(path)

    def _by_partition(self, keys: Iterable[Keys] | None, count: int) -> Iterator[tuple[str, list[int] | None]]:
        """Paths such as `a=1/b=x/`, and the rows below them; None is all rows."""
        if keys is None:
            yield "", None
            return
        rows_of: dict[str, list[int]] = {}
        for i, key in zip(range(count), keys, strict=True):
            named = zip(self._command.partition_by, key, strict=True)
            path = "".join(f"{name}={_partition_value(value)}/" for name, value in named)
            rows_of.setdefault(path, []).append(i)
        yield from rows_of.items()

    def _append(self, path: str, rows: Any, size: int) -> None:
        if path in self._open:
            file, _ = self._open[path]
            if file.rows and file.size + size > self._command.max_file_bytes:
                self._send(path)
        if path not in self._open:
            self._begin(path)
        self._open[path][0].write(rows)

    def _begin(self, path: str) -> None:
        if len(self._open) >= _MOST_OPEN:
            self._send(next(iter(self._open)))
        self._parts[path] = self._parts.get(path, -1) + 1
        local = self._folder / str(next(self._numbers))
        if self._schema is not None:
            self._open[path] = (ParquetFile(local, self._schema, self._command.row_group_bytes), local)
        else:
            self._open[path] = (TextFile(local, self._command.compression, self._header), local)

    def _send(self, path: str) -> None:
        file, local = self._open.pop(path)
        file.close()
        uri = f"{self._command.target}{path}{self._name(self._parts[path])}"
        size = self._store.write(uri, lambda target: _move(local, target))
        self._outcome.files.append((uri, size, file.rows))

    def _name(self, part: int) -> str:
        """A file's name: `<slice>_part_<part>`, or three digits with PARALLEL OFF."""
        number = f"0000_part_{part:02d}" if self._command.parallel else f"{part:03d}"
        return number + self._command.suffix


def _move(source: Path, target: Path) -> None:
    shutil.move(source, target)


def _partition_value(value: Any) -> str:
    return "__HIVE_DEFAULT_PARTITION__" if value is None else quote(str(value), safe=" .,@+-_")


def _clear_or_refuse(command: UnloadCommand, store: ObjectStore) -> None:
    existing = store.list(command.target)
    if not existing or command.allow_overwrite:
        return
    if not command.clean_path:
        raise LoadError(
            f"Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, "
            f"manually removing the target files in S3, or using the ALLOWOVERWRITE option. ({existing[0]})",
            existing[0],
        )
    for uri in existing:
        store.delete(uri)


def _write_bytes(file: Path, body: bytes) -> None:
    file.write_bytes(body)


def _manifest(command: UnloadCommand, columns: Sequence[psycopg.Column], outcome: Unloaded) -> dict[str, Any]:
    """The manifest: URLs and sizes; with VERBOSE also columns, totals and author."""
    entries = [
        {"url": uri, "meta": {"content_length": size, "record_count": rows}} for uri, size, rows in outcome.files
    ]
    if not command.verbose:
        return {"entries": entries}
    return {
        "entries": entries,
        "schema": {"elements": [unload_types.described(column) for column in columns]},
        "meta": {"content_length": sum(size for _, size, _ in outcome.files), "record_count": outcome.rows},
        "author": {"name": "Amazon Redshift", "version": "1.0.0"},
    }
