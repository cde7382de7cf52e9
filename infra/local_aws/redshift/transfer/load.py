"""COPY: loads S3 objects into a table, inside the caller's transaction, in bounded memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, BinaryIO, cast

import psycopg

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import columnar, compression, delimited, json_records
from .columns import Column, quoted, target_columns
from .copy_command import COLUMNAR, CopyCommand
from .objects import ObjectStore
from .records import Outcome, Record, as_postgres_csv
from .sources import sources


def copy(connection: psycopg.Connection, command: CopyCommand, store: ObjectStore) -> Outcome:
    """Runs COPY in the connection's transaction.

    Returns:
        The numbers of rows, rejected records and files. `pg_last_copy_count()` also returns the number of rows.

    Raises:
        LoadError: An object is missing or does not fit the table, or more than MAXERROR records don't.
        RefusedByRedshift: FIXEDWIDTH has another number of columns.
        UnsupportedStatement: A clause is not supported here.
        psycopg.Error: A row of a columnar file does not fit (NULL in a NOT NULL column, a string that is too long).
    """
    columns = target_columns(connection, command)
    if command.unsupported:
        raise UnsupportedStatement(f"{command.unsupported} is not supported here")
    if command.widths and len(command.widths) != len(columns):
        raise RefusedByRedshift(f"FIXEDWIDTH has {len(command.widths)} columns, and the table {len(columns)}")
    outcome = Outcome(command.table.replace('"', ""), command.max_error)
    for uri in sources(store, command):
        parts = _parts(store, command, uri, columns, outcome)
        if command.no_load:
            for _ in parts:
                pass
        else:
            outcome.rows += _load_file(connection, command, columns, parts)
        outcome.bytes += store.size(uri)
    if command.update_statistics and not command.no_load:
        connection.execute(f"ANALYZE {command.table}")
    return outcome


def _load_file(
    connection: psycopg.Connection, command: CopyCommand, columns: list[Column], parts: Iterator[bytes]
) -> int:
    names = quoted([column.name for column in columns])
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {command.table} ({names}) FROM STDIN (FORMAT csv)") as sink:
            for part in _ahead(parts):
                sink.write(part)
        return cursor.rowcount


def _ahead(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts, but the next one is prepared while the caller processes one."""
    with ThreadPoolExecutor(1) as pool:
        upcoming = pool.submit(next, parts, None)
        while (part := upcoming.result()) is not None:
            upcoming = pool.submit(next, parts, None)
            yield part


def _parts(
    store: ObjectStore, command: CopyCommand, uri: str, columns: list[Column], outcome: Outcome
) -> Iterator[bytes]:
    """One object as CSV, in parts."""
    if command.format in COLUMNAR:
        yield from columnar.parts(store, command, uri, columns)
        outcome.files.append((uri, 0, 0))
        return
    with store.open(uri) as stream, compression.decompressed(stream, command.compression, uri) as content:
        records = _records(content, store, command, uri, columns)
        with closing(records):  # before its stream
            yield from as_postgres_csv(records, columns, command, uri, outcome)


def _records(
    content: Any, store: ObjectStore, command: CopyCommand, uri: str, columns: list[Column]
) -> Generator[Record, None, None]:
    if command.format == "JSON":
        shred = json_records.shredder(command, columns, store)
        return json_records.records(cast(BinaryIO, content), command, uri, shred)
    return delimited.records(cast(BinaryIO, content), command, uri)
