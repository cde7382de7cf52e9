"""When a DAG runs by itself: at its hour, and never for an hour that has passed.

Airflow makes one run for an hour that a DAG missed: as soon as the DAG is unpaused, once it was backfilled, and when
Airflow comes back after it was off. Nobody asked for that run, and it would observe the day at another hour than the
others. It is made all the same, but does nothing, and says so: `is_due` is the first step of every DAG with a schedule.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import CronTriggerTimetable

from settings import get_settings

if TYPE_CHECKING:
    from lake.run_lock import Lock

log = logging.getLogger(__name__)

PUNCTUAL = timedelta(hours=1)
"""How late a scheduled run may begin: as long as a scheduler may take to be replaced."""

_UNTIL_MADE = timedelta(minutes=1)
"""How long Airflow may take to make a DAG's first scheduled run, though it reads the DAG's file meanwhile."""


def at(usual: str, chosen: str | None) -> CronTriggerTimetable:
    """The schedule of a DAG. It has no start date: the first run is at the next hour.

    Args:
        usual: five fields of cron, in UTC.
        chosen: others, by a setting; None where it is not set.
    """
    return CronTriggerTimetable(chosen or usual, timezone="UTC", run_immediately=_UNTIL_MADE)


def is_due(context: Mapping[str, Any], last: Lock | None = None) -> bool:
    """Whether a run may go on: False for a scheduled one that begins more than an hour late, or on a pretended day.

    One that waited for its turn while another run was at work is due; so is one that a person has cleared.

    Args:
        context: Airflow's task context.
        last: the pipeline's lock, as its last holder left it; None for a DAG without one.
    """
    run = context["dag_run"]
    if run.run_type != "scheduled" or run.clear_number:
        return True
    if get_settings().today:
        log.warning("nothing is done: BOXOFFICE_TODAY pretends another day, and runs are then started by hand only")
        return False
    latest = run.run_after + PUNCTUAL
    if run.start_date <= latest:
        return True
    if last and last.acquired_at <= latest < (last.released_at or last.expires_at):
        return True
    log.warning(
        "nothing is done: this run was due at %s and began at %s, because Airflow was off or the DAG was paused at its "
        "hour. To run the day all the same, trigger the DAG, or clear this run",
        f"{run.run_after:%Y-%m-%d %H:%M} UTC",
        f"{run.start_date:%Y-%m-%d %H:%M} UTC",
    )
    return False
