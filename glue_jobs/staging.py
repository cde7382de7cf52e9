"""Writes staged rows for COPY: Parquet files and, last, the manifest that lists them.

COPY matches Parquet columns by position and requires each file's size in the manifest. It ignores files that aren't in
the manifest, so it never loads an incomplete write or a marker of a file system.
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
"""The most files of a staged table: enough for COPY to read in parallel, few enough for people to read the list."""


class RowsLost(RuntimeError):
    """A staged table has fewer or more rows than it must have; no row was loaded."""


@dataclass(frozen=True, slots=True)
class StagedRows:
    """The staged rows of one table.

    Attributes:
        table: in schema `staging`.
        rows: the number of rows in the files.
        manifest_uri: the COPY manifest.
    """

    table: str
    rows: int
    manifest_uri: str


def stage(rows: DataFrame, table: StagedTable, run: RunId, lake: Lake) -> StagedRows:
    """Write a table's rows, replacing those of an earlier attempt of the run.

    Args:
        rows: the table's rows, before `transforms.rows.staged`.
        table: the columns that COPY expects.
        run: the run; its business date becomes `observed_on`.
        lake: the lake to write to.

    Returns:
        The rows in the files, counted from the files.
    """
    prefix = layout.staging_table_prefix(run, table.name)
    manifest_key = layout.staging_copy_manifest_key(run, table.name)
    lake.delete([manifest_key, *(file.key for file in lake.list(prefix))])
    complete = staged(rows, table, str(run), run.business_date)
    complete.coalesce(FILES).write.mode("overwrite").parquet(lake.uri(prefix))
    files = [file for file in lake.list(prefix) if file.key.endswith(".parquet")]
    written = rows.sparkSession.read.schema(complete.schema).parquet(*(lake.uri(file.key) for file in files))
    count = written.count()
    lake.write_json(manifest_key, {"entries": [_entry(lake, file) for file in files]})
    return StagedRows(table.name, count, lake.uri(manifest_key))


def check_rows(staged_rows: StagedRows, at_least: int, at_most: int) -> None:
    """Raise RowsLost if a staged table has too few or too many rows."""
    if not at_least <= staged_rows.rows <= at_most:
        expected = f"{at_least}" if at_least == at_most else f"{at_least} to {at_most}"
        raise RowsLost(
            f"staging.{staged_rows.table} has {staged_rows.rows} rows, but the curated tables have {expected}"
        )


def _entry(lake: Lake, file: S3Object) -> dict[str, object]:
    return {"url": lake.uri(file.key), "mandatory": True, "meta": {"content_length": file.size}}
