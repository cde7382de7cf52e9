"""Glue's schedules, minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local_aws.glue.cron import InvalidSchedule, Schedule


def fires(expression: str, begin: str, days: int = 1) -> list[str]:
    first = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    schedule = Schedule.of(expression)
    minutes = (first + timedelta(minutes=n) for n in range(days * 24 * 60))
    return [f"{minute:%d %H:%M}" for minute in minutes if schedule.matches(minute)]


@pytest.mark.parametrize(
    ("expression", "begin", "days", "expected"),
    [
        ("cron(15 12 * * ? *)", "2026-11-30", 2, ["30 12:15", "01 12:15"]),
        ("cron(0 18 ? * MON-FRI *)", "2026-11-27", 4, ["27 18:00", "30 18:00"]),
        ("cron(0 8 1 * ? *)", "2026-11-30", 3, ["01 08:00"]),
        ("cron(0/15 5 * * ? *)", "2026-11-30", 1, ["30 05:00", "30 05:15", "30 05:30", "30 05:45"]),
        ("cron(1/20 5 * * ? *)", "2026-11-30", 1, ["30 05:01", "30 05:21", "30 05:41"]),
        ("cron(0 9-17/4 * * ? *)", "2026-11-30", 1, ["30 09:00", "30 13:00", "30 17:00"]),
        ("cron(0 0 ? * 1,SAT *)", "2026-11-28", 3, ["28 00:00", "29 00:00"]),
        ("cron(0 0 L * ? *)", "2026-11-29", 4, ["30 00:00"]),
        ("cron(0 0 ? * 2L *)", "2026-11-16", 16, ["30 00:00"]),
        ("cron(0 0 ? * L *)", "2026-11-27", 4, ["28 00:00"]),
        ("cron(0 0 * FEB,12 ? *)", "2026-11-30", 2, ["01 00:00"]),
        ("cron(0 0 * * ? 2027)", "2026-12-31", 2, ["01 00:00"]),
    ],
)
def test_it_fires(expression: str, begin: str, days: int, expected: list[str]) -> None:
    assert fires(expression, begin, days) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("15 12 * * ? *", "six fields"),
        ("cron(15 12 * * ?)", "six fields"),
        ("rate(5 minutes)", "six fields"),
        ("", "six fields"),
        ("cron(15 12 * * * *)", "Exactly one of day-of-month and day-of-week"),
        ("cron(15 12 ? * ? *)", "Exactly one of day-of-month and day-of-week"),
        ("cron(* * * * ? *)", "more often than every 5 minutes"),
        ("cron(0,4 * * * ? *)", "more often than every 5 minutes"),
        ("cron(58,0 * * * ? *)", "more often than every 5 minutes"),
        ("cron(60 12 * * ? *)", "not between 0 and 59"),
        ("cron(0 12 ? * 0 *)", "not between 1 and 7"),
        ("cron(0 12 ? * MOO *)", "not a value"),
        ("cron(0 12 3W * ? *)", "weekdays nearest"),
        ("cron(0 12 5-1 * ? *)", "not between"),
        ("cron(0/0 12 * * ? *)", "not between"),
    ],
)
def test_refused(expression: str, reason: str) -> None:
    with pytest.raises(InvalidSchedule, match=reason):
        Schedule.of(expression)
