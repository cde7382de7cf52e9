"""What happens to an event between its announcement and its day, as a pure function of the day.

No state is stored, so the results for a day are always the same, whatever the order of the calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

FateKind = Literal["held", "cancelled", "rescheduled", "postponed", "retimed", "date later TBA", "date later TBD"]

POSTPONED_LINGERS_DAYS = 40
LATEST_MOVE_DAYS = 20

# Shares of events with each fate; the rest take place as planned.
_SHARES: tuple[tuple[FateKind, float], ...] = (
    ("cancelled", 0.015),
    ("rescheduled", 0.020),
    ("postponed", 0.007),
    ("retimed", 0.010),
    ("date later TBA", 0.006),
    ("date later TBD", 0.005),
)


class Fate(NamedTuple):
    """It happens `days_before` the announced day. A rescheduled event then moves by `shift` days."""

    kind: FateKind
    days_before: int = 0
    shift: int = 0

    @property
    def outlives_its_day(self) -> bool:
        """Whether the event may be listed after the day it was announced for."""
        return self.kind in {"rescheduled", "postponed"}


HELD = Fate("held")


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an event on one day. `day` is None while the date is to be announced; `minute` is local."""

    day: date | None
    minute: int | None
    status: Literal["", "cancelled", "postponed", "rescheduled"]
    tba: bool = False
    tbd: bool = False
    first_day: date | None = None


def fate_from(number: int) -> Fate:
    """The fate for a random 64-bit number."""
    lot = number % 100_000 / 100_000
    days = number // 100_000 % 15
    move = number // 10_000_000 % 24
    for kind, share in _SHARES:
        if lot < share:
            shift = move - 4 if move < 4 else move - 3
            return Fate(kind, days + 6, min(shift, LATEST_MOVE_DAYS))
        lot -= share
    return HELD


def standing(fate: Fate, planned: date, minute: int | None, today: date) -> Standing:
    """The state of an announced event on `today`. `planned` and `minute` are its announced local start."""
    happened = today >= planned - timedelta(days=fate.days_before)
    if fate.kind == "date later TBA" and not happened:
        return Standing(None, None, "", tba=True)
    if fate.kind == "date later TBD" and not happened:
        return Standing(None, None, "", tbd=True)
    if not happened or fate.kind in {"held", "date later TBA", "date later TBD"}:
        return Standing(planned, minute, "")
    if fate.kind == "cancelled":
        return Standing(planned, minute, "cancelled")
    if fate.kind == "postponed":
        return Standing(None, None, "postponed", tba=True, first_day=planned)
    if fate.kind == "rescheduled":
        # a quarter of an hour later than usual: another show of the act may be at the usual time
        moved = None if minute is None else min(minute + 15, 1439)
        return Standing(planned + timedelta(days=fate.shift), moved, "rescheduled", first_day=planned)
    # Half an hour later, on the same day: local times end at 23:59.
    return Standing(planned, None if minute is None else min(minute + 30, 1439), "")
