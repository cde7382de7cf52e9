"""The events of the year: category, venue and day, and their lines in the file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ..discovery import titles
from ..discovery.dice import chance
from .calendar import PUBLISHED_DAYS, date_id, numbered_days
from .venues import MISSING, OPERA_HOUSES, STADIUMS, THEATRES

CATEGORIES = (
    "1|Sports|MLB|Major League Baseball",
    "2|Sports|NHL|National Hockey League",
    "3|Sports|NFL|National Football League",
    "4|Sports|NBA|National Basketball Association",
    "5|Sports|MLS|Major League Soccer",
    "6|Shows|Musicals|Musical theatre",
    "7|Shows|Plays|Plays without music",
    "8|Shows|Opera|Opera, light and serious",
    "9|Concerts|Pop|Rock and pop concerts",
    "10|Concerts|Jazz|Jazz singers and bands",
    "11|Concerts|Classical|Orchestras, concertos and choirs",
)
_MUSICALS = 6
_PLAYS = 7
_OPERA = 8
_POP = 9
_EVENTS = {_OPERA: 500, _MUSICALS: 1_300, _PLAYS: 2_000, _POP: 4_998}
_TITLES = {_OPERA: "opera", _MUSICALS: "musical", _PLAYS: "play"}
_VENUES = {
    _OPERA: OPERA_HOUSES,
    _MUSICALS: THEATRES[:-1],  # one theatre has no event
    _PLAYS: THEATRES[:50],
    _POP: STADIUMS,
}
_AT_MISSING_VENUES = dict(zip(MISSING, (47, 36, 56), strict=True))
_ON_FIRST_OF_MAY = 24
_IN_REST_OF_MAY = 703
_MAY = 5
_SATURDAY = 5
_STARTS = ("14:00:00", "14:30:00", "15:00:00", "19:00:00", "19:30:00", "20:00:00")
_EVENINGS = (1, 1, 1, 15, 15, 18)
_WEEKENDS = (11, 4, 9, 15, 12, 16)
"""How often events start at those times, from Monday to Friday and at weekends."""
_BY_WEEKDAY = (2, 2, 3, 4, 7, 8, 5)
"""How many events there are from Monday to Sunday, compared with each other."""


class Event(NamedTuple):
    """One event. `day` is its position among the days of the year, `start` the local time at the venue."""

    number: int
    venue: int
    category: int
    day: int
    name: str
    start: str


def events(seed: int, quirks: bool = False) -> tuple[Event, ...]:
    """All events, in the order of the file: category by category.

    Args:
        seed: the seed.
        quirks: some events are at venues that do not exist, and the days are those of the published file.
    """
    dice = chance(seed, "events")
    calendar = numbered_days(quirks)
    days = _published_days(dice) if quirks else _spread(dice, range(len(calendar)), calendar, sum(_EVENTS.values()))
    dice.shuffle(days)
    all_events: list[Event] = []
    for category, count in _EVENTS.items():
        for venue in _venues(dice, category, count, quirks):
            day = days[len(all_events)]
            weights = _WEEKENDS if calendar[day].weekday() >= _SATURDAY else _EVENINGS
            start = dice.choices(_STARTS, weights)[0]
            all_events.append(Event(len(all_events) + 1, venue, category, day, _name(dice, category), start))
    return tuple(all_events)


def event_line(event: Event, quirks: bool = False) -> str:
    """A line of the event file. In the published one, all events of May begin on the first of May."""
    day = numbered_days(quirks)[event.day]
    stated_day = day.replace(day=1) if quirks and day.month == _MAY else day
    return f"{event.number}|{event.venue}|{event.category}|{date_id(event.day)}|{event.name}|{stated_day} {event.start}"


def _published_days(dice: random.Random) -> list[int]:
    """A day for each event. May has as many events as in the published file, and every day of the year has some."""
    may = [place for place, day in enumerate(PUBLISHED_DAYS) if day.month == _MAY]
    other_days = [place for place, day in enumerate(PUBLISHED_DAYS) if day.month != _MAY]
    in_may = [may[0]] * _ON_FIRST_OF_MAY + _spread(dice, may[1:], PUBLISHED_DAYS, _IN_REST_OF_MAY)
    return in_may + _spread(dice, other_days, PUBLISHED_DAYS, sum(_EVENTS.values()) - len(in_may))


def _spread(dice: random.Random, places: Sequence[int], calendar: Sequence[date], count: int) -> list[int]:
    """A number of days from some places of a calendar, most of them on Fridays and Saturdays."""
    week_by_week = [place for place in places for _ in range(_BY_WEEKDAY[calendar[place].weekday()])]
    rounds, rest = divmod(count, len(week_by_week))
    return week_by_week * rounds + dice.sample(week_by_week, rest)


def _venues(dice: random.Random, category: int, count: int, quirks: bool) -> list[int]:
    """A venue for each event of a category. Some published ones do not exist."""
    numbers = _AT_MISSING_VENUES.items() if quirks and category == _POP else ()
    missing_venues = [venue for venue, missing in numbers for _ in range(missing)]
    venues = missing_venues + dice.choices(_VENUES[category], k=count - len(missing_venues))
    dice.shuffle(venues)
    return venues


def _name(dice: random.Random, category: int) -> str:
    kind = _TITLES.get(category)
    return titles.title(dice, kind) if kind else titles.musician(dice)
