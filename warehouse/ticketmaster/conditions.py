"""Conditions that data products, procedures and queries of the star share, such as whether an event is on.

A materialized view of Redshift cannot read a plain view, so the conditions are not views. Each product includes them by
name, as `{{ is_on("f") }}`.
"""

from __future__ import annotations


def is_listed(row: str) -> str:
    """A row of `fact_events` is not a test, and no later day before its own should have shown it and didn't."""
    return f"NOT {row}.is_test\n    AND {row}.withdrawn_on IS NULL"


def is_on(row: str) -> str:
    """A row of `fact_events` is a listed show. It may be cancelled: products count cancelled shows separately."""
    return f"{row}.is_show\n    AND {is_listed(row)}"


def was_on(row: str) -> str:
    """A row of `fact_event_snapshots` was a listed show on its day: a withdrawn one has no row. It may be cancelled."""
    return f"{row}.is_show\n    AND NOT {row}.is_test"


def is_cancelled(row: str) -> str:
    """A row of `fact_events` or `fact_event_snapshots` is cancelled. Never null: a missing status is not cancelled."""
    return f"COALESCE({row}.status, '') = 'cancelled'"


def is_upcoming(row: str, day: str) -> str:
    """The event of a row starts in the 30 days from a day, in UTC. Without a time, it starts as its day does."""
    start = f"COALESCE({row}.start_at, CAST({row}.start_date AS TIMESTAMP))"
    first = f"CAST({day} AS TIMESTAMP)"
    return f"{start} >= {first}\n    AND {start} < DATEADD(DAY, 30, {first})"


def is_due(row: str, day: str, window_end: str) -> str:
    """A day whose observation window ends at `window_end`, exclusive, should show the event of a row.

    On its own day an event may have started and be off sale. An event without a date should be shown every day. An
    event without a time counts until its day has ended everywhere on earth.
    """
    start = f"COALESCE({row}.start_at, DATEADD(HOUR, 36, CAST({row}.start_date AS TIMESTAMP)))"
    return f"""(
    {row}.start_date IS NULL
    OR ({row}.start_date > {day} AND {start} < CAST({window_end} AS TIMESTAMP))
)"""


CONDITIONS = (is_listed, is_on, was_on, is_cancelled, is_upcoming, is_due)
