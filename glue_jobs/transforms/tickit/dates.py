"""Days: the files name a day by a number, and only the file of dates tells which day a number stands for."""

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


def on_day(rows: DataFrame, dates: DataFrame, what: str) -> DataFrame:
    """The rows with the day of their `date_id`, as `<what>_date` and `<what>_date_key`; as many as came in.

    A number that the file of dates lacks gives no day and the key of the unknown one.

    Args:
        rows: curated rows with a `date_id`.
        dates: curated `dates`, one row per `date_id`: a few hundred, which every task gets whole.
        what: happened on that day.
    """
    days = dates.select("date_id", sf.col("calendar_date").alias(f"{what}_date"))
    dated = rows.join(sf.broadcast(days), "date_id", "left")
    return dated.withColumn(f"{what}_date_key", date_key(sf.col(f"{what}_date")))
