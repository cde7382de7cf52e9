"""The log of the steps of runs, `etl.etl_log`, as far as no procedure writes it itself."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_services.redshift_data import RedshiftData, Value
from warehouse.nullable import NullableText

_STARTED_AT = "CAST(:started_at AS TIMESTAMP)"


def log_failure(redshift: RedshiftData, run_id: str, name: str, error: str, started_at: datetime) -> None:
    """Log a procedure or statement that failed, in a transaction of its own: the step's own was rolled back.

    `started_at` is aware: when the step began, or the transaction that it was part of.
    """
    reason = NullableText(error)
    logged: dict[str, Value] = {"run_id": run_id, "name": name, "started_at": _second(started_at)}
    redshift.execute(
        "INSERT INTO etl.etl_log (run_id, procedure_name, step, started_at, finished_at, status, error) "
        f"VALUES (:run_id, :name, 'failed', {_STARTED_AT}, GETDATE(), 'failed', {reason.sql('error')})",
        logged | reason.params("error"),
    )


def log_success(redshift: RedshiftData, run_id: str, name: str, step: str, started_at: datetime) -> None:
    """Log a step that has no procedure to log it; `started_at` is aware."""
    redshift.execute(
        "INSERT INTO etl.etl_log (run_id, procedure_name, step, started_at, finished_at, status) "
        f"VALUES (:run_id, :name, :step, {_STARTED_AT}, GETDATE(), 'succeeded')",
        {"run_id": run_id, "name": name, "step": step, "started_at": _second(started_at)},
    )


def staged_log(table: str, name: str, step: str) -> str:
    """A statement that logs a step on a staging table with its rows of the run, within the step's own transaction.

    Args:
        table: a table of schema `staging`, from the allowlist of a star.
        name: the procedure's name, as it is logged: a constant of the code.
        step: the step's name, likewise.

    The statement's parameters are `run_id`, and `started_at` from `started`.
    """
    return (
        "INSERT INTO etl.etl_log (run_id, procedure_name, step, started_at, finished_at, rows_affected, status) "
        f"SELECT CAST(:run_id AS VARCHAR(128)), '{name}', '{step}', {_STARTED_AT}, GETDATE(), COUNT(*), 'succeeded' "
        f"FROM staging.{table} WHERE run_id = :run_id"
    )


def started(at: datetime) -> dict[str, Value]:
    """The parameter `started_at` of `staged_log`; `at` is aware."""
    return {"started_at": _second(at)}


def _second(at: datetime) -> datetime:
    """A moment in UTC as precise as GETDATE(), so that no step seems to end before it began."""
    return at.astimezone(UTC).replace(microsecond=0)
