"""The schedules of DAGs. The first step of a run asks `runs.punctuality` whether the run is due."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable

_UNTIL_MADE = timedelta(minutes=1)
"""How long Airflow may take to create a DAG's first scheduled run, which includes reading the DAG's file."""


def at(usual: str, chosen: str | None) -> CronTriggerTimetable:
    """The schedule of a DAG. It has no start date: the first run is at the next hour.

    Args:
        usual: five fields of cron, in UTC.
        chosen: the schedule from a setting, which overrides it; None if it isn't set.
    """
    return CronTriggerTimetable(chosen or usual, timezone="UTC", run_immediately=_UNTIL_MADE)
