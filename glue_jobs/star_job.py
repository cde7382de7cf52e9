"""What every star's job does around its transforms: read the day, stage each table, load them all at once."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from aws_services.glue_catalog import GlueCatalog
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from glue_jobs import glue_args
from glue_jobs.curated import CuratedDay
from glue_jobs.glue_args import JobArguments
from glue_jobs.session import spark_session
from glue_jobs.staging import StagedRows, check_rows, stage
from glue_jobs.transforms.rows import StagedTable
from lake.store import Lake
from schemas.registry import get_source
from warehouse.load import copy_staged

Build = Callable[[Mapping[str, DataFrame]], dict[StagedTable, DataFrame]]

_SIDE_BY_SIDE = 3
"""Tables staged at a time: planning one, on one core, goes on beside the work of another."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Star:
    """How a star is made of a source's curated tables.

    Attributes:
        source: the source's name.
        own_entity: the curated tables it is made of, and the raw entity that is the authority on each.
        used_often: those of them that several staged tables are made of, which are kept in memory.
        build: the staged tables' rows from the curated tables.
    """

    source: str
    own_entity: Mapping[str, str]
    used_often: tuple[str, ...]
    build: Build


def main(star: Star) -> None:
    """Run a star's job on the arguments that Glue passes; an exception ends the process and becomes the run's error."""
    log_to_stdout()
    arguments = glue_args.parse(sys.argv[1:])
    with spark_session(f"{star.source}_star") as spark:
        run(star, arguments, spark)


def run(star: Star, arguments: JobArguments, spark: SparkSession) -> list[StagedRows]:
    """Stage all tables of a star for one run and load them into schema `staging`, all or none.

    Running it again replaces what it staged and loaded before.

    Raises:
        NotCurated: the run was not validated.
        CatalogMismatch: the catalog is not as the contract says.
        RowsLost: a row was lost or multiplied on the way; nothing was loaded.
        aws_services.errors.StatementFailed: COPY refused the files; nothing was loaded.
    """
    lake = Lake(S3(), arguments.lake_bucket)
    day = CuratedDay.open(spark, lake, GlueCatalog(), get_source(star.source), arguments.run)
    _log.info("run %s: %s", arguments.run, ", ".join(f"{m.curated_records} {m.entity}" for m in day.manifests))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        done = list(pool.map(lambda one: _stage(day, *one), star.build(_curated(star, day)).items()))
    redshift = RedshiftData(arguments.workgroup, arguments.database)
    copy_staged(redshift, str(arguments.run), {one.table: one.manifest_uri for one in done}, arguments.copy_role)
    _log.info("loaded %d rows into %d tables of schema staging", sum(one.rows for one in done), len(done))
    return done


def log_to_stdout() -> None:
    """Let the job say what it did where Glue collects it."""
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s", force=True)
    logging.getLogger("py4j").setLevel(logging.WARNING)


def _curated(star: Star, day: CuratedDay) -> dict[str, DataFrame]:
    tables = {name: day.table(name, entity) for name, entity in star.own_entity.items()}
    return {name: rows.cache() if name in star.used_often else rows for name, rows in tables.items()}


def _stage(day: CuratedDay, table: StagedTable, rows: DataFrame) -> StagedRows:
    done = stage(rows, table, day.run, day.lake)
    if table.row_per:
        check_rows(done, *day.row_bounds(table.row_per))
    _log.info("staged %s: %d rows", done.table, done.rows)
    return done
