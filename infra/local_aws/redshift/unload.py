"""UNLOAD: writes the rows of a query as Parquet (or CSV) objects to S3, optionally partitioned, with a manifest."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from . import query
from .copy_command import UnloadCommand
from .errors import LoadError
from .objects import ObjectStore

_BATCH_ROWS = 20_000
_ARROW: dict[str, pa.DataType] = {
    "int2": pa.int16(), "int4": pa.int32(), "int8": pa.int64(), "float4": pa.float32(), "float8": pa.float64(),
    "bool": pa.bool_(), "date": pa.date32(), "timestamp": pa.timestamp("us"), "timestamptz": pa.timestamp("us", "UTC"),
    "varchar": pa.string(), "text": pa.string(), "bpchar": pa.string(), "bytea": pa.binary(), "jsonb": pa.string(),
}  # fmt: skip


def _arrow_type(column: psycopg.Column) -> pa.DataType:
    name = column.type_display.split("(")[0]
    if name == "numeric":
        precision = column.precision or 38
        scale = column.scale if column.scale is not None else 10
        return pa.decimal128(min(precision, 38), scale)
    if name not in _ARROW:
        raise LoadError(
            f"UNLOAD: column {column.name} has type {name}, which is not supported here", column=column.name
        )
    return _ARROW[name]


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = [json.dumps(v, separators=(",", ":")) if isinstance(v, (dict, list)) else v for v in values]
    if pa.types.is_decimal(kind):
        return pa.array([None if v is None else round(v, kind.scale) for v in values], kind)
    return pa.array(values, kind)


def _batches(connection: psycopg.Connection, sql: str) -> Iterator[pa.Table]:
    """The query's rows in batches. There is at least one, possibly empty, so that the columns are known."""
    with connection.cursor("rs_unload") as cursor:
        cursor.execute(sql)
        fields = [pa.field(column.name, _arrow_type(column)) for column in cursor.description or []]
        is_empty = True
        while rows := cursor.fetchmany(_BATCH_ROWS):
            columns = zip(*rows, strict=True)
            yield pa.table(
                [_array(list(values), field.type) for values, field in zip(columns, fields, strict=True)],
                schema=pa.schema(fields),
            )
            is_empty = False
        if is_empty:
            yield pa.schema(fields).empty_table()


def _partitions(table: pa.Table, command: UnloadCommand) -> Iterator[tuple[str, pa.Table]]:
    """Splits a batch by its partition values: path `a=1/b=x/` and rows."""
    if not command.partition_by:
        yield "", table
        return
    keys = table.select(command.partition_by).to_pylist()
    rows_of: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        path = "".join(f"{name}={_partition_value(key[name])}/" for name in command.partition_by)
        rows_of.setdefault(path, []).append(i)
    columns = table if command.include_partitions else table.drop_columns(command.partition_by)
    for path, rows in rows_of.items():
        yield path, columns.take(rows)


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


def unload(connection: psycopg.Connection, command: UnloadCommand, store: ObjectStore) -> int:
    """Runs UNLOAD in the connection's transaction.

    Returns:
        The number of written rows.

    Raises:
        LoadError: The destination is not empty, or a column can't be written.
    """
    sql = query.select(command.query)
    _clear_or_refuse(command, store)
    extension = ".parquet" if command.format == "PARQUET" else ""
    part_of: dict[str, int] = {}
    entries = []
    total = 0
    for table in _batches(connection, sql):
        missing_columns = set(command.partition_by) - set(table.column_names)
        if missing_columns:
            raise LoadError(f"UNLOAD: partition column {sorted(missing_columns)[0]} is not in the query")
        for path, rows in _partitions(table, command):
            if rows.num_rows or not command.partition_by:
                part_of[path] = part_of.get(path, -1) + 1
                uri = f"{command.target}{path}0000_part_{part_of[path]:02d}{extension}"
                size = store.write(uri, _writer(rows, command, with_header=command.header))
                entries.append({"url": uri, "meta": {"content_length": size, "record_count": rows.num_rows}})
                total += rows.num_rows
    if command.manifest:
        body = json.dumps({"entries": entries}).encode()
        store.write(f"{command.target}manifest", lambda file: _write_bytes(file, body))
    return total


def _write_bytes(file: Path, body: bytes) -> None:
    file.write_bytes(body)


def _writer(rows: pa.Table, command: UnloadCommand, with_header: bool) -> Callable[[Path], None]:
    def parquet(file: Path) -> None:
        pq.write_table(rows, file, compression="snappy")

    def delimited(file: Path) -> None:
        with file.open("w", newline="", encoding="utf-8") as stream:
            out = csv.writer(stream, lineterminator="\n")
            if with_header:
                out.writerow(rows.column_names)
            out.writerows(zip(*rows.to_pydict().values(), strict=True))

    return parquet if command.format == "PARQUET" else delimited
