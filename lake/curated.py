"""Streams curated rows into Parquet: one writer per table, bounded row groups, a new file when one is large."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.contract import LINEAGE, CuratedRow

ROWS_A_BATCH = 1_000
"""Rows held as Python objects before they become Arrow."""
BYTES_A_ROW_GROUP = 8 * 2**20
"""Size in Arrow at which a row group is written: small, because seventeen tables are open at once."""
BYTES_A_FILE = 96 * 2**20
"""Compressed size at which a file is closed and the next one begins."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The origin of a row, stored with its record.

    Attributes:
        run_id: the run.
        ingested_at: when the raw data was finished, aware; the same for all rows of a run, so that a second validation
            writes the same files.
    """

    run_id: str
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A finished Parquet file.

    Attributes:
        table: the curated table.
        part: number of the file within the table, from 0.
        path: its local path.
        rows: its number of rows.
        bytes: its size.
    """

    table: str
    part: int
    path: Path
    rows: int
    bytes: int


class TableWriter:
    """Writes one curated table.

    Args:
        row: the table's row class.
        directory: the folder for its files.
        lineage: the run.
        bytes_a_file: size at which the next file begins.
    """

    def __init__(
        self, row: type[CuratedRow], directory: Path, lineage: Lineage, bytes_a_file: int = BYTES_A_FILE
    ) -> None:
        self.files: list[WrittenFile] = []
        self.rows = 0
        self._row = row
        self._directory = directory
        self._bytes_a_file = bytes_a_file
        self._schema = row.arrow_schema()
        self._types = self._schema.types[: -len(LINEAGE)]
        self._has_one_column = len(self._types) == 1
        self._run_id = pa.scalar(lineage.run_id)
        self._ingested_at = pa.scalar(lineage.ingested_at.astimezone(UTC).replace(tzinfo=None), pa.timestamp("us"))
        self._values: list[tuple[Any, ...]] = []
        self._uris: list[str] = []
        self._batches: list[pa.RecordBatch] = []
        self._waiting_bytes = 0
        self._writer: pq.ParquetWriter | None = None
        self._sink: pa.NativeFile | None = None
        self._rows_in_file = 0

    def add(self, row: CuratedRow, uri: str) -> None:
        """Add one row, and the URI of the raw object that contained its record."""
        values = row.values()
        # The contract gives a single value bare. Its code is left alone: it is part of every contract's version.
        self._values.append((values,) if self._has_one_column else values)
        self._uris.append(uri)
        self.rows += 1
        if len(self._values) >= ROWS_A_BATCH:
            self._to_arrow()

    def close(self) -> list[WrittenFile]:
        """Write the remaining rows; returns all files, none if there was no row."""
        self._to_arrow()
        self._write_row_group()
        self._close_file()
        return self.files

    def _to_arrow(self) -> None:
        if not self._values:
            return
        count = len(self._values)
        columns = [
            pa.array(column, kind) for column, kind in zip(zip(*self._values, strict=True), self._types, strict=True)
        ]
        hashes = list(map(self._row.hash_of, self._values))
        lineage = [pa.repeat(self._run_id, count), pa.repeat(self._ingested_at, count)]
        batch = pa.RecordBatch.from_arrays(
            [*columns, *lineage, pa.array(self._uris, pa.string()), pa.array(hashes, pa.string())],
            schema=self._schema,
        )
        self._values = []
        self._uris = []
        self._batches.append(batch)
        self._waiting_bytes += batch.nbytes
        if self._waiting_bytes >= BYTES_A_ROW_GROUP:
            self._write_row_group()

    def _write_row_group(self) -> None:
        if not self._batches:
            return
        table = pa.Table.from_batches(self._batches, self._schema)
        self._batches = []
        self._waiting_bytes = 0
        writer, sink = self._open()
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._rows_in_file += table.num_rows
        if sink.tell() >= self._bytes_a_file:
            self._close_file()

    def _open(self) -> tuple[pq.ParquetWriter, pa.NativeFile]:
        if self._writer is None or self._sink is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._sink = pa.OSFile(str(self._path()), "wb")
            self._writer = pq.ParquetWriter(self._sink, self._schema, compression="zstd")
        return self._writer, self._sink

    def _path(self) -> Path:
        return self._directory / f"{len(self.files):04d}.parquet"

    def _close_file(self) -> None:
        if self._writer is None or self._sink is None:
            return
        path = self._path()
        self._writer.close()
        self._sink.close()
        self.files.append(WrittenFile(self._row.table, len(self.files), path, self._rows_in_file, path.stat().st_size))
        self._writer = None
        self._sink = None
        self._rows_in_file = 0
