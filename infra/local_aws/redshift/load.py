"""COPY: from S3 objects into a table, inside the caller's transaction, in bounded memory.

Parquet is positional and strict in Redshift: the number of columns and each physical type must fit. Batches travel as
CSV made by Arrow into PostgreSQL's COPY FROM STDIN. Failures are recorded in `stl_load_errors`, in a transaction of
their own because the caller's rolls back.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from . import delimited
from .copy_command import CopyCommand, quoted
from .errors import LoadError
from .lexer import quote_literal
from .objects import ObjectStore

_BATCH_ROWS = 32_768
_CSV = pa_csv.WriteOptions(include_header=False, quoting_style="needed")


@dataclass(frozen=True, slots=True)
class _Column:
    """A target column: PostgreSQL's type name without length, and the whole type as declared."""

    name: str
    kind: str
    declared: str


def _target_columns(connection: psycopg.Connection, command: CopyCommand) -> list[_Column]:
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, NULL), format_type(atttypid, atttypmod), attidentity::text"
        f" FROM pg_attribute WHERE attrelid = {quote_literal(command.table)}::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    ).fetchall()
    known = {row[0]: _Column(row[0], row[1], row[2]) for row in rows}
    for name in command.columns:
        if name not in known:
            raise LoadError(f'column "{name}" of relation {command.table} does not exist', column=name)
    return [known[n] for n in command.columns] or [known[row[0]] for row in rows if row[3] != "a"]


def _manifest(store: ObjectStore, command: CopyCommand) -> list[str]:
    """URIs of a manifest's entries that are to be loaded."""
    found = []
    for entry in _entries(store, command.source):
        uri, mandatory = entry["url"], bool(entry.get("mandatory", False))
        length = (entry.get("meta") or {}).get("content_length")
        if command.format == "PARQUET" and length is None:
            raise LoadError("Manifest entry is missing meta.content_length, which is required for PARQUET", uri)
        try:
            size = store.size(uri)
        except LoadError:
            if mandatory:
                raise
            continue
        if length is not None and length != size:
            raise LoadError(f"File {uri} has {size} bytes, the manifest's meta.content_length says {length}", uri)
        found.append(uri)
    return found


def _entries(store: ObjectStore, uri: str) -> list[dict[str, Any]]:
    """The entries of a manifest, each of which has a URL, and a length in bytes where it has one at all."""
    problem = f"Problem reading manifest file - {uri}"
    try:
        with store.open(uri) as stream:
            entries = json.loads(stream.read())["entries"]
    except (ValueError, KeyError, TypeError) as error:
        raise LoadError(problem, uri) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LoadError(f"{problem}: entries must be a list of objects", uri)
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry.get("url"), str):
            raise LoadError(f"Mandatory url is not present in manifest file - {uri}, entry {number}", uri)
        meta = entry.get("meta") or {}
        if not isinstance(meta, dict) or not isinstance(meta.get("content_length", 0), int):
            raise LoadError(f"{problem}: meta.content_length of entry {number} is not a number", uri)
    return entries


def _sources(store: ObjectStore, command: CopyCommand) -> list[str]:
    found = _manifest(store, command) if command.manifest else store.list(command.source)
    if not found:
        raise LoadError(f"The specified S3 prefix '{command.source}' does not exist", command.source)
    return found


def copy(connection: psycopg.Connection, command: CopyCommand, store: ObjectStore) -> int:
    """Run COPY in the connection's transaction.

    Returns:
        The number of rows loaded; `pg_last_copy_count()` says the same.

    Raises:
        LoadError: An object is missing or does not fit the table; the text is Redshift's.
        psycopg.Error: A row does not fit (NULL in a NOT NULL column, a string longer than its column).
    """
    columns = _target_columns(connection, command)
    names = [column.name for column in columns]
    total = 0
    for uri in _sources(store, command):
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY {command.table} ({quoted(names)}) FROM STDIN (FORMAT csv)") as sink:
                for piece in _ahead(_pieces(store, command, uri, columns)):
                    sink.write(piece)
            total += cursor.rowcount
    if command.update_statistics:
        connection.execute(f"ANALYZE {command.table}")
    connection.execute("SELECT set_config('rs.last_copy_count', %s, false)", (str(total),))
    return total


def _ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces; the next one is made while the one before is taken in."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece


def _pieces(store: ObjectStore, command: CopyCommand, uri: str, columns: list[_Column]) -> Iterator[bytes]:
    """One object as CSV, in pieces."""
    if command.format == "PARQUET":
        return _parquet(store, uri, columns)
    if command.format == "CSV":
        return _csv(store, command, uri, columns)
    return _json(store, command, uri, columns)


# ---- Parquet


def _parquet(store: ObjectStore, uri: str, columns: list[_Column]) -> Iterator[bytes]:
    with store.open(uri) as stream:
        try:
            file = pq.ParquetFile(stream, coerce_int96_timestamp_unit="us")  # nanoseconds end in the year 2262
        except pa.ArrowInvalid as error:
            raise LoadError(f"Spectrum Scan Error. File '{uri}' is not a valid Parquet file: {error}", uri) from error
        _check_schema(file.schema_arrow, columns, uri)
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            yield as_csv(batch)


def as_csv(batch: pa.RecordBatch) -> bytes:
    """Rows as PostgreSQL's COPY takes them."""
    arrays = [_plain(array) for array in batch.columns]
    sink = io.BytesIO()
    pa_csv.write_csv(pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(len(arrays))]), sink, _CSV)
    return sink.getvalue()


def _plain(array: pa.Array) -> pa.Array:
    """An array as CSV can carry it: microseconds at most, instants in UTC as the file stores them, bytes in hex."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.timestamp("us", "UTC" if array.type.tz else None), safe=False)
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        return pa.array([None if v is None else "\\x" + v.hex() for v in array.to_pylist()], pa.string())
    return array


def _check_schema(schema: pa.Schema, columns: list[_Column], uri: str) -> None:
    if len(schema) != len(columns):
        raise LoadError(
            f"Spectrum Scan Error. Unmatched number of columns between table and file. "
            f"Table columns: {len(columns)}, Data columns: {len(schema)}, File name: {uri}",
            uri,
        )
    for column, found in zip(columns, schema, strict=True):
        if not _fits(column, found.type):
            raise LoadError(
                f"Spectrum Scan Error. File '{uri}' has an incompatible Parquet schema for column "
                f"'{column.name}'. Column type: {column.declared.upper()}, Parquet schema: "
                f"{'optional' if found.nullable else 'required'} {found.type} {found.name}",
                uri,
                column.name,
            )


_EXACT = {
    "bigint": ("int64",),
    "integer": ("int32", "int16", "int8", "uint16", "uint8"),
    "smallint": ("int16", "int8", "uint8"),
    "double precision": ("double",),
    "real": ("float",),
    "boolean": ("bool",),
    "date": ("date32[day]",),
    "bytea": ("binary", "large_binary"),
}
_TEXT = ("character varying", "character", "text")


def _fits(column: _Column, found: pa.DataType) -> bool:
    """Whether Redshift's Parquet reader accepts this type for the column. It converts nothing."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if column.kind in _TEXT:
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found))
    if column.kind.startswith("timestamp"):
        return bool(pa.types.is_timestamp(found))
    if column.kind == "numeric":
        precision, scale = (int(n) for n in column.declared[8:-1].split(","))
        return bool(pa.types.is_decimal(found) and found.scale == scale and found.precision <= precision)
    return str(found) in _EXACT.get(column.kind, ())


# ---- CSV and JSON


@contextmanager
def _stream(store: ObjectStore, command: CopyCommand, uri: str) -> Iterator[Any]:
    """An object's bytes, decompressed where the command says so."""
    with store.open(uri) as stream:
        if not command.gzip:
            yield stream
            return
        try:
            with gzip.open(stream) as unpacked:
                yield unpacked
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LoadError(f"Error while decompressing {uri}: {error}", uri) from error


def _csv(store: ObjectStore, command: CopyCommand, uri: str, columns: list[_Column]) -> Iterator[bytes]:
    targets = [(column.name, column.declared) for column in columns]
    with _stream(store, command, uri) as stream:
        yield from delimited.as_postgres_csv(delimited.records(stream, command, uri), targets, command, uri)


def _records(text: str, uri: str) -> Iterator[dict[str, Any]]:
    """JSON objects that stand one after the other, with any white space between."""
    decoder, at = json.JSONDecoder(), 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        try:
            record, at = decoder.raw_decode(text, at)
        except ValueError as error:
            raise LoadError(f"Invalid value in JSON object: {error}", uri) from error
        if not isinstance(record, dict):
            raise LoadError("Invalid JSON: COPY 'auto' needs objects, not arrays or scalars", uri)
        yield record


def _json(store: ObjectStore, command: CopyCommand, uri: str, columns: list[_Column]) -> Iterator[bytes]:
    with _stream(store, command, uri) as stream:
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise delimited.not_utf8(error, uri) from error
    targets = [(column.name, column.declared) for column in columns]
    yield from delimited.as_postgres_csv(_fields(text, command, columns, uri), targets, command, uri)


def _fields(text: str, command: CopyCommand, columns: list[_Column], uri: str) -> Iterator[list[str | None]]:
    ignore_case = command.json_paths.lower() == "auto ignorecase"
    for record in _records(text, uri):
        values = {key.lower(): value for key, value in record.items()} if ignore_case else record
        yield [_text(values.get(column.name)) for column in columns]


def _text(value: Any) -> str | None:
    """A JSON value as a field's text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)


def record_failure(connection: psycopg.Connection, error: LoadError, query_id: int) -> None:
    """Write a row of `stl_load_errors`, on a connection that commits by itself."""
    connection.execute(
        "INSERT INTO rs.stl_load_errors (query, starttime, filename, line_number, colname, err_code, err_reason)"
        " VALUES (%s, rs.getdate(), %s, 0, %s, 0, %s)",
        (query_id, error.filename[:256], error.column[:127], str(error)[:1000]),
    )
