"""Whether a scheduled run starts at its hour, or so late that it would observe the day at another hour than the others.

Airflow makes one run for an hour that a DAG missed: as soon as the DAG is unpaused, once it was backfilled, and when
Airflow comes back after it was off. No one asked for that run. It does nothing, and says so in its log.
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
"""How late a scheduled run may begin: as long as a scheduler may take to be replaced."""


def is_due(dag_run: DagRun, settings: Settings, last: Lock | None = None) -> bool:
    """Whether a run may go on: False for a scheduled one that begins more than an hour late, or on a pretended day.

    One that waited for its turn while another run was at work is due; so is one that a person has cleared.

    Args:
        dag_run: the run.
        settings: say whether today is a pretended day.
        last: the pipeline's lock, as its last holder left it; None for a DAG without one.
    """
    if dag_run.run_type != "scheduled" or dag_run.clear_number:
        return True
    if settings.today:
        log.warning("nothing is done: BOXOFFICE_TODAY pretends another day, and runs are then started by hand only")
        return False
    if dag_run.run_after is None or dag_run.started_at is None:
        raise ValueError(f"scheduled run {dag_run.run_id} of {dag_run.dag_id} has no time at which it was due or began")
    latest = dag_run.run_after + PUNCTUAL
    if dag_run.started_at <= latest:
        return True
    if last and last.acquired_at <= latest < (last.released_at or last.expires_at):
        return True
    log.warning(
        "nothing is done: this run was due at %s and began at %s, because Airflow was off or the DAG was paused at its "
        "hour. To run the day all the same, trigger the DAG, or clear this run",
        f"{dag_run.run_after:%Y-%m-%d %H:%M} UTC",
        f"{dag_run.started_at:%Y-%m-%d %H:%M} UTC",
    )
    return False
