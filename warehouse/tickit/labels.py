"""Labels that data products of the resale share. Users have no names there, because names are personal data."""

from __future__ import annotations


def user_label(kind: str, key: str, row: str) -> str:
    """A user without a name, such as `Seller 7, Albany, NY`.

    Args:
        kind: the first word.
        key: the column with the number of the user, who may not exist.
        row: the alias of the row of `dim_user`.
    """
    place = f"COALESCE(', ' || {row}.city, '') || COALESCE(', ' || {row}.state, '')"
    return f"CAST('{kind} ' || CAST({key} AS VARCHAR(11)) || {place} AS VARCHAR(60))"


def event_label(row: str) -> str:
    """Name and day of a row of `dim_event`: the events of a tour share a name."""
    day = f"TO_CHAR({row}.event_date, 'YYYY-MM-DD')"
    return f"CAST(COALESCE({row}.name, 'Unnamed event') || COALESCE(', ' || {day}, '') AS VARCHAR(220))"


LABELS = (user_label, event_label)
