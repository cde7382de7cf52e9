"""Labels that the data products of all stars share: text that a chart shows next to a key, and that sorts as it should.

A product calls them by name, as `{{ weekday_label("d") }}`; see `warehouse.stars.sql_files`.
"""

from __future__ import annotations


def weekday_label(row: str, name: str = "weekday") -> str:
    """A weekday whose label sorts by the week, such as `5 Friday`. Null without a date.

    Args:
        row: the alias of a row with `weekday_sort`.
        name: its column with the name of the weekday.
    """
    return f"CAST(CAST({row}.weekday_sort AS VARCHAR(1)) || ' ' || {row}.{name} AS VARCHAR(11))"


def is_weekend(row: str) -> str:
    """The day of a row with `weekday_sort` is a Saturday or a Sunday. Null without a date."""
    return f"{row}.weekday_sort >= 6"


def year_quarter(row: str) -> str:
    """The quarter of a row of `common.dim_date`, such as `2008-Q1`; `Unknown` for an unknown date."""
    quarter = f"CAST({row}.year AS VARCHAR(4)) || '-Q' || CAST({row}.quarter AS VARCHAR(1))"
    return f"CAST(COALESCE({quarter}, 'Unknown') AS VARCHAR(7))"


def venue_label(row: str, size: int) -> str:
    """Name and city of a row of `dim_venue`: many venues share a name. Two venues may still share a label.

    Args:
        row: the alias of the row.
        size: the most bytes of both.
    """
    name = f"COALESCE({row}.name, CAST({row}.venue_id AS VARCHAR(256)))"
    return f"CAST({name} || COALESCE(', ' || {row}.city, '') AS VARCHAR({size}))"


def key_or_unknown(column: str) -> str:
    """An id that is text, or `-` as for unknown members, so that a key is never null."""
    return f"CAST(COALESCE({column}, '-') AS VARCHAR(256))"


LABELS = (weekday_label, is_weekend, year_quarter, venue_label, key_or_unknown)
