"""warehouse_maintenance: weekly cleaning that keeps lake, ledger and warehouse from growing without limit.

Wiring only: the steps are in `lake/retention.py`, `runs/abandoned.py`, `warehouse/maintenance.py` and
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
    "dry_run": Param(False, type="boolean", title="Dry run", description="Only log what would be deleted."),
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
        description="Days that the details of runs are kept: steps, counts, rule results, drift. Runs stay forever.",
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
Runs every Sunday at 08:00 UTC: by then the daily runs, which begin at 02:00, are over unless their source is down, and
it is night in America.

1. **lake**: deletes old staged files and counters, and releases locks whose holder was killed. It never touches raw,
   curated and quarantined data.
2. **ledger**: closes runs that were killed, deletes staged rows of failed runs, and the details of old runs.
3. **vacuum**: VACUUM and ANALYZE, table by table. Readers and loads continue; if a table fails, the others don't stop.
4. **check_stars**: runs each star's own rules on its whole history; a publication checks only its own days.
5. **task_logs**: deletes Airflow's old task logs. To clean its database, run `airflow db clean` outside of tasks.

Runs that are working, or will be resumed, keep all data that they need, so you can start it at any time.
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

    @task.short_circuit(doc_md="End here if the run is late because Airflow was off or the DAG was paused.")
    def is_due() -> bool:
        from runs import punctuality

        return punctuality.is_due(dag_run_of(get_current_context()), get_settings())

    @task(doc_md="Delete old staged files and counters, release locks that were left behind.")
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

    @task(doc_md="Close runs that were killed; delete staged rows of failed runs, and the details of old runs.")
    def ledger() -> LedgerDeleted:
        from aws_services.redshift_data import RedshiftData
        from runs.abandoned import close_abandoned
        from runs.context import open_lake
        from warehouse import maintenance

        redshift = RedshiftData()
        params = _params()
        dry_run = params["dry_run"]
        return LedgerDeleted(
            abandoned=close_abandoned(redshift, open_lake(), dry_run=dry_run),
            staged_rows=maintenance.delete_staged(redshift, _days_ago(params["staging_days"]), dry_run=dry_run),
            details=maintenance.delete_details(redshift, _days_ago(params["ledger_days"]), dry_run=dry_run),
        )

    @task(doc_md="VACUUM and ANALYZE every table; failed ones are listed at the end.")
    def vacuum() -> list[str]:
        from aws_services.redshift_data import RedshiftData
        from warehouse import maintenance

        redshift = RedshiftData()
        return maintenance.tables(redshift) if _params()["dry_run"] else maintenance.vacuum(redshift)

    @task(doc_md="Run each star's own rules on its whole history. Returns the scores.", trigger_rule="all_done")
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
    """The parameters of the DAG."""

    dry_run: bool
    staging_days: int
    ledger_days: int
    task_log_days: int


def _params() -> MaintenanceParams:
    return cast("MaintenanceParams", get_current_context()["params"])


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


warehouse_maintenance()
