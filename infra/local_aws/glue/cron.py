"""Glue's schedules: `cron(Minutes Hours Day-of-month Month Day-of-week Year)`, in UTC.

They are not Unix's: six fields, days of the week from 1 (Sunday) to 7, `?` in one of the two fields of days, `L` for
the last day, and no more often than every five minutes. croniter, which Airflow brings, counts days of the week from
0 and has seconds where Glue has years, so that expressions would have to be taken apart for it all the same.

Source: https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_LEAST_MINUTES = 5


class InvalidSchedule(ValueError):
    """No schedule of Glue's; the message says why."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule, as the values that each field may have; None for a field of days that does not matter."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    years: frozenset[int]
    is_last_day: bool = False
    last_weekday: int | None = None

    @classmethod
    def of(cls, expression: str) -> Schedule:
        """The schedule of an expression such as `cron(15 12 * * ? *)`. Raises InvalidSchedule."""
        inner = re.fullmatch(r"cron\(\s*(.*?)\s*\)", expression or "")
        fields = inner[1].upper().split() if inner else []
        if len(fields) != 6:
            raise InvalidSchedule(f"Expression {expression!r} is not of the form cron(six fields)")
        minutes, hours, days, months, weekdays, years = fields
        if (days == "?") == (weekdays == "?"):
            raise InvalidSchedule(f"Exactly one of day-of-month and day-of-week must be ? in {expression!r}")
        last = re.fullmatch(r"([1-7]|[A-Z]{3})L", weekdays)
        schedule = cls(
            minutes=_values(minutes, 0, 59),
            hours=_values(hours, 0, 23),
            days=None if days in ("?", "L") else _values(days, 1, 31),
            months=_values(months, 1, 12, _MONTHS),
            weekdays=None if weekdays == "?" or last else _values("7" if weekdays == "L" else weekdays, 1, 7, _DAYS),
            years=_values(years, 1970, 2199),
            is_last_day=days == "L",
            last_weekday=_number(last[1], _DAYS) if last else None,
        )
        _check_rate(schedule.minutes, expression)
        return schedule

    def matches(self, at: datetime) -> bool:
        """Whether it fires in the minute of `at` (UTC)."""
        last = calendar.monthrange(at.year, at.month)[1]
        weekday = at.isoweekday() % 7 + 1
        return (
            at.minute in self.minutes
            and at.hour in self.hours
            and at.month in self.months
            and at.year in self.years
            and (self.days is None or at.day in self.days)
            and (self.weekdays is None or weekday in self.weekdays)
            and (not self.is_last_day or at.day == last)
            and (self.last_weekday is None or (weekday == self.last_weekday and at.day > last - 7))
        )


def _values(field: str, least: int, most: int, names: dict[str, int] | None = None) -> frozenset[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = least if first == "*" else _number(first, names or {})
        end = most if first == "*" or (slash and not dash) else _number(last, names or {}) if dash else begin
        stride = _number(step, {}) if slash else 1
        if not (least <= begin <= end <= most) or stride < 1:
            raise InvalidSchedule(f"{part!r} is not between {least} and {most}")
        values.update(range(begin, end + 1, stride))
    return frozenset(values)


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if text.endswith("W"):
        raise InvalidSchedule(f"The local Glue does not do weekdays nearest to a day: {text}")
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise InvalidSchedule(f"{text!r} is not a value of this field")
    return int(text)


def _check_rate(minutes: frozenset[int], expression: str) -> None:
    ordered = sorted(minutes)
    following = [*ordered[1:], ordered[0] + 60]
    if any(after - before < _LEAST_MINUTES for before, after in zip(ordered, following, strict=True)):
        raise InvalidSchedule(f"{expression!r} fires more often than every {_LEAST_MINUTES} minutes")
