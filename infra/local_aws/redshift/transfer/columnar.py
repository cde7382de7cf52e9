"""Parquet and ORC files for COPY: positional and strict, as in Redshift. Arrow writes them as CSV, in batches.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html and
ingest-super.html#copy_json
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.orc as pa_orc
import pyarrow.parquet as pq

from ..errors import LoadError, Rejection
from .columns import TEXTS, Column
from .copy_command import CopyCommand
from .objects import ObjectStore

BATCH_ROWS = 32_768
_CSV = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
_SCAN_ERROR = 15_007
"""Redshift Spectrum's code of a file that does not fit."""
_EXACT = {
    "bigint": ("int64",),
    "integer": ("int32", "int16", "int8", "uint16", "uint8"),
    "smallint": ("int16", "int8", "uint8"),
    "double precision": ("double",),
    "real": ("float",),
    "boolean": ("bool",),
    "date": ("date32[day]",),
    "bytea": ("binary", "large_binary"),
    "time without time zone": ("time32[ms]", "time64[us]"),
}


def parts(store: ObjectStore, command: CopyCommand, uri: str, columns: list[Column]) -> Iterator[bytes]:
    """One object as CSV, in parts.

    Raises:
        LoadError: the file is not in the format, or its columns do not fit.
    """
    with store.open(uri) as stream:
        schema, batches = _file(stream, command.format, uri)
        fields = _checked(schema, columns, command, uri)
        for batch in batches:
            arrays = [
                _super(array) if is_super else array for array, is_super in zip(batch.columns, fields, strict=True)
            ]
            arrays += [pa.nulls(batch.num_rows, pa.string())] * (len(columns) - len(arrays))
            yield as_csv(arrays)


def _file(stream: BinaryIO, form: str, uri: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    try:
        if form == "PARQUET":
            file = pq.ParquetFile(stream, coerce_int96_timestamp_unit="us")  # nanoseconds only reach the year 2262
            return file.schema_arrow, file.iter_batches(batch_size=BATCH_ROWS)
        orc = pa_orc.ORCFile(stream)
        return orc.schema, _stripes(orc)
    except (pa.ArrowInvalid, OSError) as error:
        name = "Parquet" if form == "PARQUET" else "ORC"
        raise scan_error(f"File '{uri}' is not a valid {name} file: {error}", uri) from error


def _stripes(file: Any) -> Iterator[pa.RecordBatch]:
    for number in range(file.nstripes):
        stripe = file.read_stripe(number)
        for start in range(0, stripe.num_rows, BATCH_ROWS):
            yield stripe.slice(start, BATCH_ROWS)


def scan_error(reason: str, uri: str, column: str = "") -> LoadError:
    """An error of Redshift Spectrum, which reads columnar files."""
    rejection = Rejection(_SCAN_ERROR, reason, uri, column=column)
    return LoadError(f"Spectrum Scan Error. {reason}", uri, column, [rejection])


def as_csv(arrays: list[pa.Array]) -> bytes:
    """Columns in the format of PostgreSQL's COPY."""
    sink = io.BytesIO()
    names = [str(i) for i in range(len(arrays))]
    pa_csv.write_csv(pa.RecordBatch.from_arrays([_csv_array(array) for array in arrays], names=names), sink, _CSV)
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


def _super(array: pa.Array) -> pa.Array:
    """Values as JSON texts, for SUPER."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    texts = [None if value is None else json.dumps(_plain(value), default=str) for value in array.to_pylist()]
    return pa.array(texts, pa.string())


def _plain(value: Any) -> Any:
    """A nested value for JSON. A map, which Arrow gives as pairs, becomes an object."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(item, tuple) for item in value):
            return {str(key): _plain(item) for key, item in value}
        return [_plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


def _checked(schema: pa.Schema, columns: list[Column], command: CopyCommand, uri: str) -> list[bool]:
    """Checks the file's columns. Returns for each whether it becomes a SUPER."""
    is_short = len(schema) < len(columns) and command.fill_record
    if len(schema) != len(columns) and not is_short:
        reason = (
            f"Unmatched number of columns between table and file. Table columns: {len(columns)}, "
            f"Data columns: {len(schema)}, File name: {uri}"
        )
        raise scan_error(reason, uri)
    for column, field in zip(columns, schema, strict=False):
        if not _fits(column, field.type, command):
            reason = (
                f"File '{uri}' has an incompatible Parquet schema for column '{column.name}'. "
                f"Column type: {column.declared.upper()}, Parquet schema: "
                f"{'optional' if field.nullable else 'required'} {field.type} {field.name}"
            )
            if column.kind == "jsonb":
                reason += ". Use SERIALIZETOJSON to load it into SUPER"
            raise scan_error(reason.replace("Parquet", "ORC") if command.format == "ORC" else reason, uri, column.name)
    return [column.kind == "jsonb" for column, _ in zip(columns, schema, strict=False)]


def _fits(column: Column, arrow_type: pa.DataType, command: CopyCommand) -> bool:
    """Whether Redshift's reader accepts this type for the column. It does not convert any type."""
    if pa.types.is_dictionary(arrow_type):
        arrow_type = arrow_type.value_type
    if column.kind == "jsonb":
        return command.serialize_to_json
    if column.kind in TEXTS:
        return bool(pa.types.is_string(arrow_type) or pa.types.is_large_string(arrow_type))
    if column.kind.startswith("timestamp"):
        return bool(pa.types.is_timestamp(arrow_type))
    if column.kind == "numeric":
        precision, scale = column.arguments
        return bool(pa.types.is_decimal(arrow_type) and arrow_type.scale == scale and arrow_type.precision <= precision)
    return str(arrow_type) in _EXACT.get(column.kind, ())
