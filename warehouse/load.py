"""Loading: COPY what a Glue job staged in S3 into the run's rows of the staging tables, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData
from warehouse import step_log
from warehouse.stars import Star, stars

_S3_URI = re.compile(r"s3://[a-z0-9][a-z0-9.-]+/[A-Za-z0-9._=/-]+")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[A-Za-z0-9+=,.@_/-]+")


class NotStaged(ValueError):
    """What was asked to be loaded is not a staging table, not an S3 object or not a role."""


def copy_staged(redshift: RedshiftData, run_id: str, tables: Mapping[str, str], role: str) -> None:
    """Replace a run's rows in staging tables by what is in S3; all tables in one transaction.

    A load of the same tables that is still going on, as one whose job was killed after it had asked for it, is waited
    for: unlocked, this one would not see the rows to delete, and both would stay.

    Each table loaded is a row of etl.etl_log, in that transaction; a failure is one in a transaction of its own.

    Args:
        redshift: the warehouse.
        run_id: the run whose earlier rows, if any, are deleted first.
        tables: URI of the COPY manifest (s3://…) by table of schema `staging`, such as `ticketmaster_events`.
        role: ARN of the IAM role that Redshift reads S3 with.

    Raises:
        NotStaged: a table is not in the allowlist, or a URI or role is malformed; nothing was sent.
        StatementFailed: Redshift refused the data; nothing was loaded.
    """
    _check(tables, role)
    statements, started_at = [f"LOCK {', '.join(f'staging.{table}' for table in tables)}"], datetime.now(UTC)
    for table, manifest in tables.items():
        statements.append(f"DELETE FROM staging.{table} WHERE run_id = :run_id")
        statements.append(
            f"COPY staging.{table} FROM '{manifest}' IAM_ROLE '{role}' FORMAT AS PARQUET MANIFEST STATUPDATE ON"
        )
        statements.append(step_log.staged_log(table, f"COPY staging.{table}", "copy"))
    try:
        redshift.batch(statements, {"run_id": run_id, **step_log.started(started_at)})
    except StatementFailed as error:
        step_log.log_failure(
            redshift, run_id, error.statement.split(" FROM ", 1)[0][:80], str(error.detail), started_at
        )
        raise


def staged_rows(redshift: RedshiftData, star: Star, run_id: str) -> int:
    """Rows that a run has in all staging tables of a star; 0 before it is loaded and after it is published."""
    counts = " UNION ALL ".join(
        f"SELECT COUNT(*) AS staged_rows FROM staging.{table} WHERE run_id = :run_id" for table in star.staged
    )
    rows = redshift.execute(f"SELECT SUM(staged_rows) AS staged_rows FROM ({counts}) AS counted", {"run_id": run_id})
    return int(rows[0]["staged_rows"])


def _check(tables: Mapping[str, str], role: str) -> None:
    allowed = {table for star in stars() for table in star.staged}
    if unknown := sorted(set(tables) - allowed):
        raise NotStaged(f"not staging tables: {', '.join(unknown)}; there are: {', '.join(sorted(allowed))}")
    if not tables:
        raise NotStaged("no table to load was named")
    for table, manifest in tables.items():
        if not _S3_URI.fullmatch(manifest):
            raise NotStaged(f"the manifest of {table} is not an S3 URI: {manifest!r}")
    if not _ROLE.fullmatch(role):
        raise NotStaged(f"not the ARN of an IAM role: {role!r}")
