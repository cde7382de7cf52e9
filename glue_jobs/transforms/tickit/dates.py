"""Days: the files have numbers of days, and only the file of dates has the day of each number."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

from glue_jobs.transforms.calendar import date_key


def dates(dates: DataFrame) -> DataFrame:
    """One row per number, with the day's key in the calendar that all stars share.

    Args:
        dates: curated `dates`, one row per `date_id`.
    """
    return dates.withColumn("date_key", date_key(sf.col("calendar_date")))


def on_day(rows: DataFrame, dates: DataFrame, prefix: str) -> DataFrame:
    """The same rows with the day of their `date_id`, as `<prefix>_date` and `<prefix>_date_key`.

    If the file of dates lacks the number, the day is null and its key is that of the unknown day.

    Args:
        rows: curated rows with a `date_id`.
        dates: curated `dates`, one row per `date_id`: a few hundred, which are broadcast to every task.
        prefix: start of the names of the new columns.
    """
    days = dates.select("date_id", sf.col("calendar_date").alias(f"{prefix}_date"))
    dated = rows.join(sf.broadcast(days), "date_id", "left")
    return dated.withColumn(f"{prefix}_date_key", date_key(sf.col(f"{prefix}_date")))
