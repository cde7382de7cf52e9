"""When a task that failed is tried again.

If a source without a past is down until its day is over, that day is lost for good. So a task that meets an outage
tries again, with growing pauses, for as long as its day can be observed. An error that another attempt would meet again
is final at once. Any other error gets two more attempts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta

from airflow.sdk import Context, RetryRule
from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy

from dags.task_context import business_date_of

RETRIES = 2
"""Attempts after the first, for an error of no known kind; an outage that lasts for more attempts raises an alert."""

WITHIN_DAY = 60
"""`retries` of a task that waits for an outage to end: more than the pauses of a day. The policy stops before."""

_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=30)
_GROWTH = 3
_LONGEST_REASON = 300  # characters of an error in a line of progress


class RetryWithinTheDay(RetryPolicy):
    """Decides by the error, and by the time that is left of the day.

    Args:
        final: dotted names of errors that another attempt would meet again.
        outages: dotted names of errors of what is down for a while, and comes back.
        now: the time, UTC; replaced by tests.
    """

    def __init__(
        self, final: Sequence[str], outages: Sequence[str], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._final, self._outages = RetryRule(exception=[*final]), RetryRule(exception=[*outages])
        self._now = now

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Context | None = None
    ) -> RetryDecision:
        """The decision on a failed attempt; its reason is logged, and shown to whoever follows the run."""
        if self._final.matches(exception):
            return RetryDecision.fail(f"{type(exception).__name__} is final: another attempt would meet it again")
        if context is None or try_number > max_tries:
            return RetryDecision.default()
        attempt = attempt_of(context)
        if not self._outages.matches(exception):
            return RetryDecision.default() if attempt <= RETRIES else RetryDecision.fail("it failed three times")
        now = self._now()
        end = end_of_day(context, now)
        pause = pause_after(attempt, seed_of(context))
        if attempt > RETRIES and now + pause >= end:
            return RetryDecision.fail(f"another attempt would be too late: the day ends at {end:%Y-%m-%d %H:%M} UTC")
        reason = " ".join(f"{type(exception).__name__}: {exception}".split())[:_LONGEST_REASON]
        return RetryDecision.retry(pause, f"{outlook(context, now)}: {reason}")


def attempt_of(context: Context) -> int:
    """The number of a task's attempt; it starts again at 1 when the task is cleared."""
    ti = context["ti"]
    return ti.try_number - (ti.max_tries - (ti.task.retries or 0))


def pause_after(attempt: int, seed: str) -> timedelta:
    """The pause after a failed attempt: 15 s, three times as long after each, at most 30 min; up to a fifth longer.

    Args:
        attempt: its number, from 1.
        seed: what decides on that fifth, so that runs that failed together do not come back together.
    """
    factor: int = _GROWTH ** min(attempt - 1, 10)
    pause = min(_FIRST_PAUSE * factor, _LONGEST_PAUSE)
    stretch = random.Random(f"{seed} {attempt}").uniform(1, 1.2)  # noqa: S311  no secret
    return pause * stretch


def outlook(context: Context, now: datetime | None = None) -> str:
    """In words: when a task that failed tries again, and until when."""
    now = now or datetime.now(UTC)
    at, end = now + pause_after(attempt_of(context), seed_of(context)), end_of_day(context, now)
    until = f", and with growing pauses until {end:%Y-%m-%d %H:%M} UTC" if end > at else ""
    return f"it tries again at {at:%H:%M:%S} UTC{until}"


def seed_of(context: Context) -> str:
    """What makes the pauses of one task of one run differ from those of others."""
    ti = context["ti"]
    return f"{ti.run_id} {ti.task_id} {ti.map_index}"


def end_of_day(context: Context, now: datetime) -> datetime:
    """Until when a run's day can be observed: the end of today (UTC); `now` for any other day."""
    from settings import get_settings

    if business_date_of(context) != get_settings().current_date():
        return now
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC)
