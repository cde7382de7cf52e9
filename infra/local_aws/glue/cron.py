"""Glue's schedules: `cron(Minutes Hours Day-of-month Month Day-of-week Year)`, in UTC.

They differ from Unix's: six fields, days of the week from 1 (Sunday) to 7, `?` in one of the two day fields, `L` for
the last day, and at most one run every five minutes. croniter, which comes with Airflow, counts days of the week from 0
and has seconds where Glue has years, so we would have to parse expressions for it anyway.

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
    """The expression is not a schedule of Glue's. The message gives the reason."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The allowed values of each field of a schedule; None for a day field that doesn't matter."""

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
        last_weekday_match = re.fullmatch(r"([1-7]|[A-Z]{3})L", weekdays)
        schedule = cls(
            minutes=_values(minutes, 0, 59),
            hours=_values(hours, 0, 23),
            days=None if days in ("?", "L") else _values(days, 1, 31),
            months=_values(months, 1, 12, _MONTHS),
            weekdays=None
            if weekdays == "?" or last_weekday_match
            else _values("7" if weekdays == "L" else weekdays, 1, 7, _DAYS),
            years=_values(years, 1970, 2199),
            is_last_day=days == "L",
            last_weekday=_number(last_weekday_match[1], _DAYS) if last_weekday_match else None,
        )
        _check_rate(schedule.minutes, expression)
        return schedule

    def matches(self, time: datetime) -> bool:
        """Whether the schedule fires in the minute of `time` (UTC)."""
        last_day = calendar.monthrange(time.year, time.month)[1]
        weekday = time.isoweekday() % 7 + 1
        return (
            time.minute in self.minutes
            and time.hour in self.hours
            and time.month in self.months
            and time.year in self.years
            and (self.days is None or time.day in self.days)
            and (self.weekdays is None or weekday in self.weekdays)
            and (not self.is_last_day or time.day == last_day)
            and (self.last_weekday is None or (weekday == self.last_weekday and time.day > last_day - 7))
        )


def _values(field: str, minimum: int, maximum: int, names: dict[str, int] | None = None) -> frozenset[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        start, dash, stop = span.partition("-")
        begin = minimum if start == "*" else _number(start, names or {})
        end = maximum if start == "*" or (slash and not dash) else _number(stop, names or {}) if dash else begin
        stride = _number(step, {}) if slash else 1
        if not (minimum <= begin <= end <= maximum) or stride < 1:
            raise InvalidSchedule(f"{part!r} is not between {minimum} and {maximum}")
        values.update(range(begin, end + 1, stride))
    return frozenset(values)


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if text.endswith("W"):
        raise InvalidSchedule(f"The local Glue does not support weekdays nearest to a day: {text}")
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise InvalidSchedule(f"{text!r} is not a value of this field")
    return int(text)


def _check_rate(minutes: frozenset[int], expression: str) -> None:
    ordered = sorted(minutes)
    following = [*ordered[1:], ordered[0] + 60]
    if any(next_minute - minute < _LEAST_MINUTES for minute, next_minute in zip(ordered, following, strict=True)):
        raise InvalidSchedule(f"{expression!r} fires more often than every {_LEAST_MINUTES} minutes")
