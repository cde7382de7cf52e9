"""What "on" means in the star of events: conditions that data products, procedures and queries share.

Redshift's materialized views cannot read a plain view, so the conditions are not a view of their own: they are written
into each product, which calls them as `{{ is_on("f") }}`.
"""

from __future__ import annotations


def is_listed(row: str) -> str:
    """A row of `fact_events` is neither a test nor withdrawn: no later day, before its own, failed to show it."""
    return f"NOT {row}.is_test\n    AND {row}.withdrawn_on IS NULL"


def is_on(row: str) -> str:
    """A row of `fact_events` is a show that is listed. It may be cancelled: products count those separately."""
    return f"{row}.is_show\n    AND {is_listed(row)}"


def is_due(row: str, day: str, window_end: str) -> str:
    """A day whose observation window ends at `window_end`, exclusive, should show the event of a row.

    On its own day an event may have begun, and be off sale. One without a date should be shown on any day. One without
    a time counts until its day has ended everywhere on earth.
    """
    start = f"COALESCE({row}.start_at, DATEADD(HOUR, 36, CAST({row}.start_date AS TIMESTAMP)))"
    return f"""(
    {row}.start_date IS NULL
    OR ({row}.start_date > {day} AND {start} < CAST({window_end} AS TIMESTAMP))
)"""


CONDITIONS = (is_listed, is_on, is_due)
