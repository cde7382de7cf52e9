"""The events of the year: category, venue and day, and their lines in the file."""

from __future__ import annotations

import random
from itertools import cycle, islice
from typing import NamedTuple

from ..discovery import wording
from ..discovery.dice import chance
from .calendar import DAYS, date_id
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
_VENUES = {
    _OPERA: OPERA_HOUSES,
    _MUSICALS: THEATRES[:-1],  # one theatre has no event
    _PLAYS: THEATRES[:50],
    _POP: STADIUMS,
}
_AT_MISSING_VENUES = dict(zip(MISSING, (47, 36, 56), strict=True))
_ON_FIRST_OF_MAY = 24
_IN_REST_OF_MAY = 703
_STARTS = ("14:00:00", "14:30:00", "15:00:00", "19:00:00", "19:30:00", "20:00:00")
_OPERAS = (
    "La Torre di Vetro",
    "Il Pescatore",
    "Der Uhrmacher",
    "Die Silberne Harfe",
    "The Salt Queen",
    "Les Ombres",
    "La Contessa Muta",
    "The Cloud Merchant",
    "Ginevra (Genevieve)",
    "Il Ponte del Lupo",
)


class Event(NamedTuple):
    """One event. `day` is its position among the days of the year, `start` the local time at the venue."""

    number: int
    venue: int
    category: int
    day: int
    name: str
    start: str


def events(seed: int) -> tuple[Event, ...]:
    """All events, in the order of the file: category by category."""
    dice = chance(seed, "events")
    days = _days(dice)
    all_events: list[Event] = []
    for category, count in _EVENTS.items():
        for venue in _venues(dice, category, count):
            day = days[len(all_events)]
            all_events.append(
                Event(len(all_events) + 1, venue, category, day, _name(dice, category), dice.choice(_STARTS))
            )
    return tuple(all_events)


def event_line(event: Event) -> str:
    """A line of the event file. In the file, all events of May begin on the first of May."""
    day = DAYS[event.day]
    stated_day = day.replace(day=1) if day.month == 5 else day
    return f"{event.number}|{event.venue}|{event.category}|{date_id(event.day)}|{event.name}|{stated_day} {event.start}"


def _days(dice: random.Random) -> list[int]:
    """A day for each event: every day of the year has some."""
    may = [place for place, day in enumerate(DAYS) if day.month == 5]
    other_days = [place for place, day in enumerate(DAYS) if day.month != 5]
    in_may = [may[0]] * _ON_FIRST_OF_MAY + list(islice(cycle(may[1:]), _IN_REST_OF_MAY))
    days = in_may + list(islice(cycle(other_days), sum(_EVENTS.values()) - len(in_may)))
    dice.shuffle(days)
    return days


def _venues(dice: random.Random, category: int, count: int) -> list[int]:
    """A venue for each event of a category. Some venues do not exist."""
    missing_venues = [venue for venue, events in _AT_MISSING_VENUES.items() for _ in range(events) if category == _POP]
    venues = missing_venues + dice.choices(_VENUES[category], k=count - len(missing_venues))
    dice.shuffle(venues)
    return venues


def _name(dice: random.Random, category: int) -> str:
    if category == _POP:
        return wording.band(dice)
    return dice.choice(_OPERAS) if category == _OPERA else wording.play(dice)
