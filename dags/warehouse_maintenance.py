"""warehouse_maintenance: once a week, what keeps lake, ledger and warehouse from growing without end.

Wiring only: what is done is in `lake/retention.py`, `runs/abandoned.py`, `warehouse/maintenance.py` and
`dags/task_logs.py`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict, cast

from airflow.sdk import Param, dag, get_current_context, task

from aws_services import resources
from dags import alerts, defaults, schedules, shape
from dags.task_context import dag_run_of
from runs.results import LakeDeleted, LedgerDeleted
from settings import get_settings

PARAMS = {
    "dry_run": Param(
        False, type="boolean", title="Dry run", description="Only say what would be deleted; change nothing."
    ),
    "staging_days": Param(
        resources.STAGING_DAYS,
        type="integer",
        minimum=2,
        title="Staging",
        description="Days that staged files, staged rows of runs that failed, and counters are kept.",
    ),
    "ledger_days": Param(
        resources.LEDGER_DAYS,
        type="integer",
        minimum=31,
        title="Ledger",
        description="Days that the details of runs are kept: steps, books, quality results, drift. Runs stay for ever.",
    ),
    "task_log_days": Param(
        resources.TASK_LOG_DAYS,
        type="integer",
        minimum=2,
        title="Task logs",
        description="Days that Airflow's task logs on this machine are kept.",
    ),
}

DOC = """
Every Sunday at 08:00 UTC: the daily runs, which begin at 02:00, are over unless their source is away, and America
sleeps.

1. **lake**: deletes staged files and counters that are old, gives back locks whose holder was killed. Raw, curated and
   quarantined data is never touched.
2. **ledger**: closes runs that were killed, deletes staged rows of runs that failed, and the old details of runs.
3. **vacuum**: VACUUM and ANALYZE, table by table. Readers and loads go on; a table that fails does not stop the others.
4. **check_stars**: asks each star's own rules of its whole history; a publication asks about its own days.
5. **task_logs**: deletes Airflow's old task logs. Its database is shortened by `airflow db clean`, outside of tasks.

It deletes nothing that a run that goes on, or one that is resumed, needs. Run it whenever you like.
"""


@dag(
    dag_id="warehouse_maintenance",
    schedule=schedules.at("0 8 * * 0", get_settings().maintenance_schedule),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=12),
    params=PARAMS,
    tags=["maintenance", "weekly"],
    default_args=defaults.default_args(),
    doc_md=DOC,
    on_failure_callback=alerts.run_failed,
    description="VACUUM, ANALYZE, retention of staging, locks and logs",
)
def warehouse_maintenance() -> None:
    """Wire the maintenance."""

    @task.short_circuit(doc_md="End here when the run's hour has passed: Airflow was off, or the DAG was paused.")
    def is_due() -> bool:
        from runs import punctuality

        return punctuality.is_due(dag_run_of(get_current_context()), get_settings())

    @task(doc_md="Delete old staged files and counters, give back locks whose holder is gone.")
    def lake() -> LakeDeleted:
        from lake.retention import Retention
        from runs.context import open_lake

        params = _params()
        retention = Retention(open_lake(), dry_run=params["dry_run"])
        before = _days_ago(params["staging_days"])
        return LakeDeleted(
            staging=asdict(retention.delete_staging(before)),
            counters=asdict(retention.delete_counters(before)),
            locks=[f"{lock.pipeline} of {lock.holder}" for lock in retention.release_locks()],
        )

    @task(doc_md="Close runs that were killed; delete what they staged, and the details of old runs.")
    def ledger() -> LedgerDeleted:
        from aws_services.redshift_data import RedshiftData
        from runs.abandoned import close_abandoned
        from runs.context import open_lake
        from warehouse import maintenance

        redshift, params = RedshiftData(), _params()
        dry_run = params["dry_run"]
        return LedgerDeleted(
            abandoned=close_abandoned(redshift, open_lake(), dry_run=dry_run),
            staged_rows=maintenance.delete_staged(redshift, _days_ago(params["staging_days"]), dry_run=dry_run),
            details=maintenance.delete_details(redshift, _days_ago(params["ledger_days"]), dry_run=dry_run),
        )

    @task(doc_md="VACUUM and ANALYZE every table; those that fail are named at the end.")
    def vacuum() -> list[str]:
        from aws_services.redshift_data import RedshiftData
        from warehouse import maintenance

        redshift = RedshiftData()
        return maintenance.tables(redshift) if _params()["dry_run"] else maintenance.vacuum(redshift)

    @task(doc_md="Each star's own rules, asked of its whole history. Returns the scores.", trigger_rule="all_done")
    def check_stars() -> dict[str, float]:
        from aws_services.redshift_data import RedshiftData
        from warehouse import quality
        from warehouse.stars import stars

        results = {star.pipeline: quality.check_star(RedshiftData(), star.pipeline) for star in stars()}
        return {pipeline: result.score for pipeline, result in results.items() if result}

    @task(doc_md="Delete old task logs of this machine.")
    def task_logs() -> dict[str, int]:
        from airflow.sdk.configuration import conf

        from dags.task_logs import delete_task_logs

        params = _params()
        folder = Path(conf.get("logging", "base_log_folder"))
        return delete_task_logs(folder, _days_ago(params["task_log_days"]), dry_run=params["dry_run"])

    due = is_due()
    shape.node(due) >> lake() >> ledger() >> vacuum() >> check_stars()
    shape.node(due) >> task_logs()


class MaintenanceParams(TypedDict):
    """What the DAG can be triggered with."""

    dry_run: bool
    staging_days: int
    ledger_days: int
    task_log_days: int


def _params() -> MaintenanceParams:
    return cast("MaintenanceParams", get_current_context()["params"])


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


warehouse_maintenance()
