"""What every star's job does around its transforms: read the day, stage each table, load them all at once."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

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
from schemas.source import Source
from warehouse.load import copy_staged
from warehouse.staged import Staged
from warehouse.stars import Star
from warehouse.tables import OBSERVED_ON, RUN_ID

Build = Callable[[Mapping[str, DataFrame]], dict[str, DataFrame]]
"""The rows of the staged tables from those of the curated tables, by name."""

_SIDE_BY_SIDE = 3
"""Tables staged at a time: planning one, on one core, goes on beside the work of another."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StarJob:
    """How a star is made of a source's curated tables.

    Attributes:
        star: what it declares; the source has the same name.
        build: the staged tables' rows from the curated tables.
        own_entity: for a curated table that isn't named as a raw entity, the entity that is the authority on it.
        used_often: the curated tables that several staged tables are made of, which are kept in memory.
    """

    star: Star
    build: Build
    own_entity: Mapping[str, str] = field(default_factory=dict)
    used_often: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """The contracts of its source."""
        return get_source(self.star.name)

    @property
    def curated(self) -> dict[str, str]:
        """The curated tables that it is made of, and the raw entity that is the authority on each."""
        return {entity: entity for entity in self.source.entities} | dict(self.own_entity)

    @property
    def tables(self) -> dict[str, StagedTable]:
        """What COPY expects of each table that is staged, by the end of its name."""
        return {table.curated: self._table(table) for table in self.star.staged_tables}

    def _table(self, table: Staged) -> StagedTable:
        columns = [column for column in table.all_columns if column not in (RUN_ID, OBSERVED_ON)]
        return StagedTable(
            f"{self.star.name}_{table.curated}",
            {column.name: column.hive_type for column in columns},
            row_per=table.curated if self.source.tables.get(table.curated) is table.row else None,
            volatile=frozenset(column.name for column in columns if column.volatile),
        )


def main(job: StarJob) -> None:
    """Run a star's job on the arguments that Glue passes; an exception ends the process and becomes the run's error."""
    log_to_stdout()
    arguments = glue_args.parse(sys.argv[1:])
    with spark_session(f"{job.star.name}_star") as spark:
        run(job, arguments, spark)


def run(job: StarJob, arguments: JobArguments, spark: SparkSession) -> list[StagedRows]:
    """Stage all tables of a star for one run and load them into schema `staging`, all or none.

    Running it again replaces what it staged and loaded before.

    Raises:
        NotCurated: the run was not validated.
        CatalogMismatch: the catalog is not as the contract says.
        RowsLost: a row was lost or multiplied on the way; nothing was loaded.
        aws_services.errors.StatementFailed: COPY refused the files; nothing was loaded.
    """
    lake = Lake(S3(), arguments.lake_bucket)
    day = CuratedDay.open(spark, lake, GlueCatalog(), job.source, arguments.run)
    _log.info("run %s: %s", arguments.run, ", ".join(f"{m.curated_records} {m.entity}" for m in day.manifests))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        tables, rows = job.tables, job.build(_curated(job, day))
        done = list(pool.map(lambda name: _stage(day, tables[name], rows[name]), tables))
    redshift = RedshiftData(arguments.workgroup, arguments.database)
    copy_staged(redshift, str(arguments.run), {one.table: one.manifest_uri for one in done}, arguments.copy_role)
    _log.info("loaded %d rows into %d tables of schema staging", sum(one.rows for one in done), len(done))
    return done


def log_to_stdout() -> None:
    """Let the job say what it did where Glue collects it."""
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s", force=True)
    logging.getLogger("py4j").setLevel(logging.WARNING)


def _curated(job: StarJob, day: CuratedDay) -> dict[str, DataFrame]:
    tables = {name: day.table(name, entity) for name, entity in job.curated.items()}
    return {name: rows.cache() if name in job.used_often else rows for name, rows in tables.items()}


def _stage(day: CuratedDay, table: StagedTable, rows: DataFrame) -> StagedRows:
    done = stage(rows, table, day.run, day.lake)
    if table.row_per:
        check_rows(done, *day.row_bounds(table.row_per))
    _log.info("staged %s: %d rows", done.table, done.rows)
    return done
