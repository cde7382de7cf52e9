"""Decides whether a scheduled run is due, or so late that it would observe the day at a different hour than usual.

Airflow creates one run for a schedule that a DAG missed: when the DAG is unpaused, after a backfill, and when Airflow
was off and starts again. No one asked for that run, so it only writes a line to its log and ends.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from runs.dag_run import DagRun
from settings import Settings

if TYPE_CHECKING:
    from lake.run_lock import Lock

log = logging.getLogger(__name__)

PUNCTUAL = timedelta(hours=1)
"""How late a scheduled run may begin: the time that replacing a scheduler may take."""


def is_due(dag_run: DagRun, settings: Settings, last: Lock | None = None) -> bool:
    """Whether a run may continue: False for a scheduled one that begins more than an hour late, or on a pretended day.

    A run that waited for another run to end is due; so is one that a person has cleared.

    Args:
        dag_run: the run.
        settings: have the pretended day.
        last: the pipeline's lock with its last holder; None for a DAG without a lock.
    """
    if dag_run.run_type != "scheduled" or dag_run.clear_number:
        return True
    if settings.today:
        log.warning("this run is skipped: BOXOFFICE_TODAY pretends another day, and then runs are only started by hand")
        return False
    if dag_run.run_after is None or dag_run.started_at is None:
        raise ValueError(f"scheduled run {dag_run.run_id} of {dag_run.dag_id} has no due time or no start time")
    latest = dag_run.run_after + PUNCTUAL
    if dag_run.started_at <= latest:
        return True
    if last and last.acquired_at <= latest < (last.released_at or last.expires_at):
        return True
    log.warning(
        "this run is skipped: it was due at %s and began at %s, because Airflow was off or the DAG was paused. To run "
        "the day anyway, trigger the DAG, or clear this run",
        f"{dag_run.run_after:%Y-%m-%d %H:%M} UTC",
        f"{dag_run.started_at:%Y-%m-%d %H:%M} UTC",
    )
    return False
