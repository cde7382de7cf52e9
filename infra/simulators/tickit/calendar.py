"""The days of 2008, as they were and as the published date file has them.

The published file lacks one day, weekdays before it are one late, and one week number is ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

_FIRST_ID = 1827
_LEAP_DAY = date(2008, 2, 29)
_A_WEEK_AHEAD = date(2008, 10, 31)
_HOLIDAYS = {
    date(2008, 1, 1),
    date(2008, 5, 26),
    date(2008, 7, 4),
    date(2008, 9, 1),
    date(2008, 11, 27),
    date(2008, 12, 25),
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

DAYS = tuple(date(2008, 1, 1) + timedelta(n) for n in range(366))
"""All days of the year."""
PUBLISHED_DAYS = tuple(day for day in DAYS if day != _LEAP_DAY)
"""The days of the published file."""


def numbered_days(quirks: bool) -> tuple[date, ...]:
    """The days with numbers. Elsewhere, a day is its position among them."""
    return PUBLISHED_DAYS if quirks else DAYS


def date_id(day: int) -> int:
    """The number of a day in the other files."""
    return _FIRST_ID + day


def date_lines(quirks: bool) -> Iterator[str]:
    """The lines of the date file. A week begins on the day that is labelled Saturday."""
    week = 1
    for place, day in enumerate(numbered_days(quirks)):
        weekday = _WEEKDAYS[(day.weekday() + (quirks and day < _LEAP_DAY)) % 7]
        week += weekday == "SA"
        week_number = week + (quirks and day == _A_WEEK_AHEAD)
        holiday = "TRUE" if day in _HOLIDAYS else "FALSE"
        quarter = (day.month + 2) // 3
        yield f"{date_id(place)}|{day}|{weekday}|{week_number}|{_MONTHS[day.month - 1]}|{quarter}|{day.year}|{holiday}"
