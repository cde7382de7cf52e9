"""When a DAG runs by itself. Whether it then has anything to do, `runs.punctuality` decides: its first step asks."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable

_UNTIL_MADE = timedelta(minutes=1)
"""How long Airflow may take to make a DAG's first scheduled run, though it reads the DAG's file meanwhile."""


def at(usual: str, chosen: str | None) -> CronTriggerTimetable:
    """The schedule of a DAG. It has no start date: the first run is at the next hour.

    Args:
        usual: five fields of cron, in UTC.
        chosen: others, by a setting; None where it is not set.
    """
    return CronTriggerTimetable(chosen or usual, timezone="UTC", run_immediately=_UNTIL_MADE)
