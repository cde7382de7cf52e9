"""Upkeep of the warehouse: VACUUM and ANALYZE, and the end of rows that are kept for a while only.

`etl.runs` and the star itself are never shortened here.
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
"""How long one VACUUM may take; what it has done by then stays done."""

_SHARED_SCHEMAS = ("common", "etl", "staging")
_DETAILS = {
    "etl.etl_log": "started_at",
    "etl.data_quality_results": "checked_at",
    "etl.quality_scores": "checked_at",
    "etl.schema_drift": "seen_at",
    "etl.run_tables": "recorded_at",
}
"""Tables of the ledger that tell the details of runs, and the column that says when."""

# A run that goes on, be it resumed, has no end.
_OVER = "SELECT run_id FROM etl.runs WHERE finished_at < CAST(:before AS TIMESTAMP)"


class VacuumFailed(RuntimeError):
    """Some tables could not be vacuumed or analysed; all others were.

    Attributes:
        failures: the reason by table.
    """

    def __init__(self, failures: Mapping[str, str]) -> None:
        super().__init__(failures)
        self.failures = failures

    def __str__(self) -> str:
        reasons = "; ".join(f"{table}: {reason}" for table, reason in self.failures.items())
        return (
            f"not vacuumed and analysed: {reasons}. Their rows are as they were, only slower to read, and all other "
            "tables are done; trigger warehouse_maintenance again"
        )


def tables(redshift: RedshiftData) -> list[str]:
    """All tables of the stars and of the schemas that they share, as `schema.table`, in order."""
    schemas = ", ".join(f"'{name}'" for name in (*_SHARED_SCHEMAS, *(star.name for star in stars())))
    rows = redshift.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        f"WHERE table_type = 'BASE TABLE' AND table_schema IN ({schemas}) ORDER BY table_schema, table_name"
    )
    # Redshift keeps what a materialized view holds in a table of its own, and looks after it by itself.
    return [
        f"{row['table_schema']}.{row['table_name']}" for row in rows if not row["table_name"].startswith("mv_tbl__")
    ]


def vacuum(redshift: RedshiftData) -> list[str]:
    """Reclaim the space of deleted rows, sort, and renew the planner's statistics, table by table.

    Readers and loads go on meanwhile; a statement at a time, since VACUUM runs in no transaction.

    Returns:
        The tables.

    Raises:
        VacuumFailed: some tables failed, after all others were done; each failure is in etl.etl_log.
    """
    names, failures = tables(redshift), dict[str, str]()
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
    """Delete staged rows of runs that ended before a time (aware) and never published them.

    Returns:
        Rows by table, of tables that had any.
    """
    staged = [f"staging.{table}" for star in stars() for table in star.staged]
    return _delete(redshift, dict.fromkeys(staged, f"run_id IN ({_OVER})"), before, dry_run=dry_run)


def delete_details(redshift: RedshiftData, before: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Delete from the ledger the details of runs recorded before a time (aware); etl.runs keeps every run.

    Returns:
        Rows by table, of tables that had any.
    """
    conditions = {table: f"{column} < CAST(:before AS TIMESTAMP)" for table, column in _DETAILS.items()}
    return _delete(redshift, conditions, before, dry_run=dry_run)


def _delete(
    redshift: RedshiftData, conditions: Mapping[str, str], before: datetime, *, dry_run: bool
) -> dict[str, int]:
    """Delete what a condition holds for, all tables in one transaction; returns rows by table, of tables with any."""
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
