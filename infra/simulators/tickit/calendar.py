"""The days of 2008 as in the date file: one is missing, weekdays before it are one late, one is a week ahead."""

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

DAYS = tuple(day for day in (date(2008, 1, 1) + timedelta(n) for n in range(366)) if day != _LEAP_DAY)
"""The numbered days. Elsewhere, a day is its position in this list."""


def date_id(day: int) -> int:
    """The number of a day in the other files."""
    return _FIRST_ID + day


def date_lines() -> Iterator[str]:
    """The lines of the date file. A week begins on the day that is labelled Saturday."""
    week = 1
    for place, day in enumerate(DAYS):
        weekday = _WEEKDAYS[(day.weekday() + (day < _LEAP_DAY)) % 7]
        week += weekday == "SA"
        week_number = week + (day == _A_WEEK_AHEAD)
        holiday = "TRUE" if day in _HOLIDAYS else "FALSE"
        quarter = (day.month + 2) // 3
        yield f"{date_id(place)}|{day}|{weekday}|{week_number}|{_MONTHS[day.month - 1]}|{quarter}|{day.year}|{holiday}"
