"""Upkeep of the warehouse: VACUUM and ANALYZE, and the deletion of rows that are only kept for a while.

It never deletes rows of `etl.runs` or of a star.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from aws_services.errors import StatementFailed, TimedOut
from aws_services.redshift_data import RedshiftData
from warehouse.stars import stars
from warehouse.step_log import log_failure

log = logging.getLogger(__name__)

VACUUM_SECONDS = 3600.0
"""How long one VACUUM may take. Work that it finished by then is kept."""

_SHARED_SCHEMAS = ("common", "etl", "staging")
_DETAILS = {
    "etl.etl_log": "started_at",
    "etl.data_quality_results": "checked_at",
    "etl.quality_scores": "checked_at",
    "etl.schema_drift": "seen_at",
    "etl.rejects": "recorded_at",
    "etl.run_tables": "recorded_at",
    "etl.run_steps": "recorded_at",
}
"""Tables of the ledger with details of runs, and the column with the time of each row."""

# A run that is under way has no end, also when it was resumed.
_OVER = "SELECT run_id FROM etl.runs WHERE finished_at < CAST(:before AS TIMESTAMP)"


class VacuumFailed(RuntimeError):
    """VACUUM or ANALYZE failed for some tables, and succeeded for all others.

    Attributes:
        failures: the reason by table.
    """

    def __init__(self, failures: Mapping[str, str]) -> None:
        super().__init__(failures)
        self.failures = failures

    def __str__(self) -> str:
        reasons = "; ".join(f"{table}: {reason}" for table, reason in self.failures.items())
        return (
            f"not vacuumed and analysed: {reasons}. Their rows are unchanged, only slower to read, and all other "
            "tables are done. Trigger warehouse_maintenance again"
        )


def tables(redshift: RedshiftData) -> list[str]:
    """All tables of the stars and of their shared schemas, as `schema.table`, in order."""
    schemas = ", ".join(f"'{name}'" for name in (*_SHARED_SCHEMAS, *(star.name for star in stars())))
    rows = redshift.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        f"WHERE table_type = 'BASE TABLE' AND table_schema IN ({schemas}) ORDER BY table_schema, table_name"
    )
    # Redshift stores a materialized view in a table of its own, and maintains that table itself.
    return [
        f"{row['table_schema']}.{row['table_name']}" for row in rows if not row["table_name"].startswith("mv_tbl__")
    ]


def vacuum(redshift: RedshiftData) -> list[str]:
    """Reclaim the space of deleted rows, sort, and update the planner's statistics, table by table.

    Readers and loads can work meanwhile. Each statement is sent alone, because VACUUM cannot run in a transaction.

    Returns:
        The names of the tables.

    Raises:
        VacuumFailed: some tables failed; all others are done. Each failure is in etl.etl_log.
    """
    names = tables(redshift)
    failures: dict[str, str] = {}
    for table in names:
        started_at = datetime.now(UTC)
        try:
            redshift.execute(f"VACUUM FULL {table}", deadline=VACUUM_SECONDS)
            redshift.execute(f"ANALYZE {table}")
        except (StatementFailed, TimedOut) as error:
            failures[table] = error.detail
            log_failure(redshift, "maintenance", f"VACUUM {table}", error.detail, started_at)
            log.warning("%s: %s", table, error.detail)
        else:
            log.info("vacuumed and analysed %s in %.1f s", table, (datetime.now(UTC) - started_at).total_seconds())
    if failures:
        raise VacuumFailed(failures)
    return names


def delete_staged(redshift: RedshiftData, before: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Delete staged rows of runs that ended before a time (aware) without publishing them.

    Returns:
        The number of rows by table, for tables that had any.
    """
    staged = [f"staging.{table}" for star in stars() for table in star.staged]
    return _delete(redshift, dict.fromkeys(staged, f"run_id IN ({_OVER})"), before, dry_run=dry_run)


def delete_details(redshift: RedshiftData, before: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Delete the details of runs that the ledger recorded before a time (aware). `etl.runs` keeps every run.

    Returns:
        The number of rows by table, for tables that had any.
    """
    conditions = {table: f"{column} < CAST(:before AS TIMESTAMP)" for table, column in _DETAILS.items()}
    return _delete(redshift, conditions, before, dry_run=dry_run)


def _delete(
    redshift: RedshiftData, conditions: Mapping[str, str], before: datetime, *, dry_run: bool
) -> dict[str, int]:
    """Delete the rows that meet a condition, all tables in one transaction. Returns their number by table."""
    params = {"before": before.astimezone(UTC).replace(microsecond=0, tzinfo=None)}
    counts = " UNION ALL ".join(
        f"SELECT '{table}' AS table_name, COUNT(*) AS old_rows FROM {table} WHERE {condition}"
        for table, condition in conditions.items()
    )
    old = {str(row["table_name"]): int(row["old_rows"]) for row in redshift.execute(counts, params) if row["old_rows"]}
    if old and not dry_run:
        redshift.batch([f"DELETE FROM {table} WHERE {conditions[table]}" for table in old], params)
    log.info("%s %s", "would delete" if dry_run else "deleted", old or "no rows")
    return dict(sorted(old.items()))
