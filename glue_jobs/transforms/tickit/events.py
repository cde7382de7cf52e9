"""Events: the time of day as sent, on the correct day."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

from glue_jobs.transforms.tickit.dates import on_day


def events(events: DataFrame, dates: DataFrame) -> DataFrame:
    """The same events with `start_local_at` moved to the day of their `date_id`.

    If that day is unknown, the start is null: the day that was sent with it is wrong too often to be used instead.

    Args:
        events: curated `events`, one row per event; times are local at the venue.
        dates: curated `dates`, one row per `date_id`.

    Returns:
        The events with `event_date`, `event_date_key`, and `is_day_corrected`: the start was sent on another day.
    """
    days_off = sf.datediff("event_date", "start_local_at")
    return on_day(events, dates, "event").withColumns(
        {
            "start_local_at": sf.col("start_local_at") + sf.make_dt_interval(days=days_off),
            "is_day_corrected": sf.coalesce(days_off != 0, sf.lit(False)),
        }
    )
