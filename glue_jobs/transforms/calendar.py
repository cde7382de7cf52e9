"""The key of a day in `common.dim_date`, which every star joins."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import Column

FIRST_DAY = "2000-01-01"
"""The first day in `common.dim_date`."""
LAST_DAY = "2050-12-31"
"""The last day in `common.dim_date`."""

UNKNOWN_DATE_KEY = 0


def date_key(day: Column) -> Column:
    """A day as the number YYYYMMDD; the key of the unknown day if it is null or not in the calendar.

    Args:
        day: a date.
    """
    in_calendar = day.between(sf.lit(FIRST_DAY).cast("date"), sf.lit(LAST_DAY).cast("date"))
    key = sf.year(day) * 10_000 + sf.month(day) * 100 + sf.dayofmonth(day)
    return sf.when(in_calendar, key).otherwise(sf.lit(UNKNOWN_DATE_KEY))
