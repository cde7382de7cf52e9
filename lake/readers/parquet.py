"""Records in Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from lake.readers.base import Read, Reader
from lake.records import Bad, RecordError, bad_json, unreadable
from schemas.raw import RawRecord, json_path

_ROWS = 1_000
_ODD = (ValueError, TypeError, ArithmeticError, LookupError, pa.ArrowException)
"""Errors of Arrow and msgspec for a value that doesn't exist in Python or JSON."""


class ParquetReader(Reader):
    """Reads rows in batches. A record's bytes are its row as JSON; a broken file is one bad record.

    A value that JSON can't represent, such as a time finer than a microsecond, a date beyond the year 9999 or text that
    isn't UTF-8, becomes `{"unreadable": <Arrow's text of it>}`. It is an error if the contract declares the column.
    """

    is_json = True

    def read(self, body: IO[bytes]) -> Read:
        """The rows of a file."""
        number = 0
        try:
            file = pq.ParquetFile(body)
            names = file.schema_arrow.names
            if repeated := sorted({name for name in names if names.count(name) > 1}):
                yield b"", unreadable("malformed_parquet", f"more than one column is called {', '.join(repeated)}")
                return
            for batch in file.iter_batches(_ROWS):
                for text, odd in _rows(batch):
                    yield text, self._record(text, odd)
                number += batch.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            yield b"", unreadable("malformed_parquet", f"{error}; rows after row {number} can't be read")

    def _record(self, text: bytes, odd: tuple[RecordError, ...]) -> RawRecord | Bad:
        try:
            record: RawRecord = self.model.__pydantic_validator__.validate_json(text)
        except ValidationError as error:
            bad = bad_json(text, error, self.model)
        else:
            return record
        others = tuple(fault for fault in bad.errors if not any(_is_in(fault.path, value.path) for value in odd))
        return replace(bad, errors=(*odd, *others))


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[bytes, tuple[RecordError, ...]]]:
    """Every row as JSON, and the errors of its values."""
    try:
        texts = [_json(row) for row in batch.to_pylist()]
    except _ODD:
        for number in range(batch.num_rows):
            yield _row(batch.slice(number, 1))
    else:
        for text in texts:
            yield text, ()


def _row(row: pa.RecordBatch) -> tuple[bytes, tuple[RecordError, ...]]:
    """A row as JSON, value by value."""
    values: list[bytes] = []
    odd: list[RecordError] = []
    for name, cell in zip(row.schema.names, row.columns, strict=True):
        try:
            value = _json(cell[0].as_py())
        except _ODD as error:
            value = _json({"unreadable": _shown(cell)})
            odd.append(RecordError(json_path(name), "unreadable_value", f"a {cell.type} that cannot be read: {error}"))
        values.append(_json(name) + b":" + value)
    return b"{" + b",".join(values) + b"}", tuple(odd)


def _shown(cell: pa.Array) -> str:
    """The text of an odd value, as far as Arrow can show it."""
    if pa.types.is_string(cell.type) or pa.types.is_large_string(cell.type):
        text: bytes = cell.cast(pa.large_binary())[0].as_py()
        return text.decode(errors="backslashreplace")
    return str(cell.to_string(skip_new_lines=True)).removeprefix("[").removesuffix("]").strip()


def _is_in(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _plain(value: Any) -> datetime | timedelta:
    """A time of pandas as Python's type. If pandas is installed, Arrow uses its types for nanoseconds."""
    if isinstance(value, datetime | timedelta) and not getattr(value, "nanosecond", getattr(value, "nanoseconds", 0)):
        plain: datetime | timedelta
        plain = value.to_pydatetime() if isinstance(value, datetime) else value.to_pytimedelta()  # type: ignore[attr-defined]
        return plain
    raise ValueError(f"{value} is finer than a microsecond")


_json = msgspec.json.Encoder(enc_hook=_plain).encode
