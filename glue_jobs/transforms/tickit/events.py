"""Events: the time of day that was sent, on the day that is true."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

from glue_jobs.transforms.tickit.dates import on_day


def events(events: DataFrame, dates: DataFrame) -> DataFrame:
    """One row per event, its `start_local_at` moved to the day of its `date_id`; as many rows as came in.

    Without a known day there is no start: the day sent with it is wrong too often to stand in.

    Args:
        events: curated `events`, one row per event; times are those on the venue's clock.
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
