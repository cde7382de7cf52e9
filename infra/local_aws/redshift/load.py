"""COPY: loads S3 objects into a table, inside the caller's transaction, in bounded memory.

Parquet is positional and strict in Redshift: the number of columns and each physical type must match. Arrow writes
batches as CSV into PostgreSQL's COPY FROM STDIN. Failures are recorded in `stl_load_errors`, in a separate transaction
because the caller's is rolled back.
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
    """A target column: PostgreSQL's type name without length, and the complete declared type."""

    name: str
    kind: str
    declared: str


def _target_columns(connection: psycopg.Connection, command: CopyCommand) -> list[_Column]:
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, NULL), format_type(atttypid, atttypmod), attidentity::text"
        f" FROM pg_attribute WHERE attrelid = {quote_literal(command.table)}::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    ).fetchall()
    columns_by_name = {row[0]: _Column(row[0], row[1], row[2]) for row in rows}
    for name in command.columns:
        if name not in columns_by_name:
            raise LoadError(f'column "{name}" of relation {command.table} does not exist', column=name)
    return [columns_by_name[n] for n in command.columns] or [columns_by_name[row[0]] for row in rows if row[3] != "a"]


def _manifest(store: ObjectStore, command: CopyCommand) -> list[str]:
    """The URIs of the manifest's entries to load."""
    uris = []
    for entry in _entries(store, command.source):
        uri = entry["url"]
        mandatory = bool(entry.get("mandatory", False))
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
        uris.append(uri)
    return uris


def _entries(store: ObjectStore, uri: str) -> list[dict[str, Any]]:
    """The entries of a manifest. Each has a URL and possibly a length in bytes."""
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
    uris = _manifest(store, command) if command.manifest else store.list(command.source)
    if not uris:
        raise LoadError(f"The specified S3 prefix '{command.source}' does not exist", command.source)
    return uris


def copy(connection: psycopg.Connection, command: CopyCommand, store: ObjectStore) -> int:
    """Runs COPY in the connection's transaction.

    Returns:
        The number of loaded rows, which `pg_last_copy_count()` also returns.

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
                for part in _ahead(_parts(store, command, uri, columns)):
                    sink.write(part)
            total += cursor.rowcount
    if command.update_statistics:
        connection.execute(f"ANALYZE {command.table}")
    connection.execute("SELECT set_config('rs.last_copy_count', %s, false)", (str(total),))
    return total


def _ahead(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts, but the next one is prepared while the caller processes one."""
    with ThreadPoolExecutor(1) as pool:
        upcoming = pool.submit(next, parts, None)
        while (part := upcoming.result()) is not None:
            upcoming = pool.submit(next, parts, None)
            yield part


def _parts(store: ObjectStore, command: CopyCommand, uri: str, columns: list[_Column]) -> Iterator[bytes]:
    """One object as CSV, in parts."""
    if command.format == "PARQUET":
        return _parquet(store, uri, columns)
    if command.format == "CSV":
        return _csv(store, command, uri, columns)
    return _json(store, command, uri, columns)


# ---- Parquet


def _parquet(store: ObjectStore, uri: str, columns: list[_Column]) -> Iterator[bytes]:
    with store.open(uri) as stream:
        try:
            file = pq.ParquetFile(stream, coerce_int96_timestamp_unit="us")  # nanoseconds only reach the year 2262
        except pa.ArrowInvalid as error:
            raise LoadError(f"Spectrum Scan Error. File '{uri}' is not a valid Parquet file: {error}", uri) from error
        _check_schema(file.schema_arrow, columns, uri)
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            yield as_csv(batch)


def as_csv(batch: pa.RecordBatch) -> bytes:
    """Rows in the format of PostgreSQL's COPY."""
    arrays = [_csv_array(array) for array in batch.columns]
    sink = io.BytesIO()
    pa_csv.write_csv(pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(len(arrays))]), sink, _CSV)
    return sink.getvalue()


def _csv_array(array: pa.Array) -> pa.Array:
    """An array in a form that CSV supports: microseconds at most, instants in UTC as in the file, bytes in hex."""
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
    for column, field in zip(columns, schema, strict=True):
        if not _fits(column, field.type):
            raise LoadError(
                f"Spectrum Scan Error. File '{uri}' has an incompatible Parquet schema for column "
                f"'{column.name}'. Column type: {column.declared.upper()}, Parquet schema: "
                f"{'optional' if field.nullable else 'required'} {field.type} {field.name}",
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


def _fits(column: _Column, arrow_type: pa.DataType) -> bool:
    """Whether Redshift's Parquet reader accepts this type for the column. It does not convert any type."""
    if pa.types.is_dictionary(arrow_type):
        arrow_type = arrow_type.value_type
    if column.kind in _TEXT:
        return bool(pa.types.is_string(arrow_type) or pa.types.is_large_string(arrow_type))
    if column.kind.startswith("timestamp"):
        return bool(pa.types.is_timestamp(arrow_type))
    if column.kind == "numeric":
        precision, scale = (int(n) for n in column.declared[8:-1].split(","))
        return bool(pa.types.is_decimal(arrow_type) and arrow_type.scale == scale and arrow_type.precision <= precision)
    return str(arrow_type) in _EXACT.get(column.kind, ())


# ---- CSV and JSON


@contextmanager
def _stream(store: ObjectStore, command: CopyCommand, uri: str) -> Iterator[Any]:
    """An object's bytes, decompressed if the command requires it."""
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
    """JSON objects in a row, with any white space in between."""
    decoder = json.JSONDecoder()
    at = 0
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
    """Writes a row of `stl_load_errors`, on a connection that commits by itself."""
    connection.execute(
        "INSERT INTO rs.stl_load_errors (query, starttime, filename, line_number, colname, err_code, err_reason)"
        " VALUES (%s, rs.getdate(), %s, 0, %s, 0, %s)",
        (query_id, error.filename[:256], error.column[:127], str(error)[:1000]),
    )
