"""Puts star-shaped rows where COPY reads them: Parquet files and, last, the manifest that names them.

COPY matches Parquet columns by position and wants each file's size in the manifest. What is not in the manifest does
not count, so that a write that was broken off, or a marker that a file system leaves, is never loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame

from aws_services.s3 import S3Object
from glue_jobs.transforms.rows import StagedTable, staged
from lake import layout
from lake.layout import RunId
from lake.store import Lake

FILES = 8
"""The most files that a table is staged in: enough for COPY to read side by side, few enough to list at a glance."""


class RowsLost(RuntimeError):
    """There are fewer or more rows of a staged table than there must be; nothing was loaded."""


@dataclass(frozen=True, slots=True)
class StagedRows:
    """What was staged of one table.

    Attributes:
        table: in schema `staging`.
        rows: rows in the files.
        manifest_uri: the COPY manifest.
    """

    table: str
    rows: int
    manifest_uri: str


def stage(rows: DataFrame, table: StagedTable, run: RunId, lake: Lake) -> StagedRows:
    """Write a table's rows, replacing what an earlier attempt of the run staged.

    Args:
        rows: the table's rows, before `transforms.rows.staged`.
        table: what COPY expects.
        run: the run; its business date becomes `observed_on`.
        lake: where to write.

    Returns:
        The rows that the files hold, counted from the files.
    """
    prefix = layout.staging_table_prefix(run, table.name)
    manifest_key = layout.staging_copy_manifest_key(run, table.name)
    lake.delete([manifest_key, *(found.key for found in lake.list(prefix))])
    complete = staged(rows, table, str(run), run.business_date)
    complete.coalesce(FILES).write.mode("overwrite").parquet(lake.uri(prefix))
    files = [found for found in lake.list(prefix) if found.key.endswith(".parquet")]
    written = rows.sparkSession.read.schema(complete.schema).parquet(*(lake.uri(file.key) for file in files))
    count = written.count()
    lake.write_json(manifest_key, {"entries": [_entry(lake, file) for file in files]})
    return StagedRows(table.name, count, lake.uri(manifest_key))


def check_rows(found: StagedRows, at_least: int, at_most: int) -> None:
    """Raise RowsLost unless a table was staged with as many rows as it must have."""
    if not at_least <= found.rows <= at_most:
        expected = f"{at_least}" if at_least == at_most else f"{at_least} to {at_most}"
        raise RowsLost(f"staging.{found.table} has {found.rows} rows where the curated tables give {expected}")


def _entry(lake: Lake, file: S3Object) -> dict[str, object]:
    return {"url": lake.uri(file.key), "mandatory": True, "meta": {"content_length": file.size}}
