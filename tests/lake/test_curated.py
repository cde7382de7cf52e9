"""Curated rows become Parquet files, however few columns their table has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pyarrow.parquet as pq

from lake.curated import Lineage, TableWriter
from schemas.contract import CuratedRow
from schemas.types import Name


class Genre(CuratedRow):
    """A genre. Only its name is known."""

    table: ClassVar[str] = "genres"
    key: ClassVar[tuple[str, ...]] = ("genre",)

    genre: Name


def test_a_table_of_a_single_column_is_written(tmp_path: Path) -> None:
    writer = TableWriter(Genre, tmp_path, Lineage("gigs_daily_2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)))
    writer.add(Genre(genre="Rock"), "s3://raw/1.json")
    writer.add(Genre(genre="Jazz"), "s3://raw/2.json")
    (file,) = writer.close()
    rows = pq.read_table(file.path).to_pylist()
    assert [row["genre"] for row in rows] == ["Rock", "Jazz"]
    assert len({row["_row_hash"] for row in rows}) == 2
