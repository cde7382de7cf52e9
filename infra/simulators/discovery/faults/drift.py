"""Faults of the world itself: events that appear, disappear and move while a client pages through them, and crowds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from flask import Request
from pydantic import Field, PrivateAttr

from .. import dice
from ..bodies import GeneratedEvent, epoch, utc_text
from ..entities import Event
from ..world import Bodies, World
from .fault import Fault

_CACHED_BODIES = 4000  # about 40 MB: clients request a crowd in several ways, and its bodies are slow to generate

Change = Literal["appear", "vanish", "move"]


class DriftFault(Fault):
    """Events appear, disappear and move to other days between requests, so that totals and pages drift."""

    name = "drift"
    share: float = Field(0.05, ge=0, le=1, description="share of the events that is held back, to appear later")
    every: int = Field(5, ge=1, description="event searches from one change to the next")
    changes: int = Field(1, ge=1, description="events that change at a time")
    kinds: list[Change] = Field(["appear", "vanish", "move"], min_length=1, description="what may happen")

    _hidden: set[str] | None = PrivateAttr(None)
    _vanished: set[str] = PrivateAttr(default_factory=set)
    _days: dict[str, int] = PrivateAttr(default_factory=dict)
    _drawn: tuple[World, World] | None = PrivateAttr(None)

    def before(self, request: Request) -> None:
        """Makes a change when it is due."""
        if not re.search(r"/events(\.json)?$", request.path):
            return
        world = self._simulation.world()
        with self._lock:
            self._asked["all"] += 1
            number, remainder = divmod(self._asked["all"], self.every)
            if remainder == 0:
                for part in range(self.changes):
                    self._change(world, number * self.changes + part)
                self._drawn = None

    def alter(self, world: World) -> World:
        """The world after the changes so far."""
        with self._lock:
            if self._drawn is None or self._drawn[0] is not world:
                self._drawn = world, world.with_events(self._events(world))
            return self._drawn[1]

    def _change(self, world: World, number: int) -> None:
        lot = dice.chance(self.seed, "drift", number)
        kind = lot.choice(self.kinds)
        self._struck[kind] += 1
        if kind == "appear" and self._hidden:
            self._hidden.remove(lot.choice(sorted(self._hidden)))
            return
        event = lot.choice([event for event in world.events if event.starts is not None])
        if kind == "move" and isinstance(event, GeneratedEvent):
            self._days[event.id] = self._days.get(event.id, 0) + lot.choice((-9, -4, -1, 1, 4, 9))
        elif kind != "appear":
            self._vanished.add(event.id)

    def _events(self, world: World) -> Iterator[Event]:
        if self._hidden is None:
            hidden_ids = (e.id for e in world.events if dice.number(self.seed, "held", e.id) / 2**64 < self.share)
            self._hidden = set(hidden_ids) if "appear" in self.kinds else set()
        for event in world.events:
            days = self._days.get(event.id)
            if event.id not in self._hidden and event.id not in self._vanished:
                yield _moved(event, days) if days and isinstance(event, GeneratedEvent) else event


class Crowd(Fault):
    """Thousands of events at one second. No filter by segment, genre or state finds some of them."""

    name = "crowd"
    size: int = Field(2500, ge=1, description="events")
    unreachable: int = Field(5, ge=0, description="of them, events without classification and venue")
    day: int = Field(10, ge=0, description="days from today, at 00:30 UTC")
    country: str = Field("US", description="country code")

    _drawn: tuple[World, World] | None = PrivateAttr(None)

    def alter(self, world: World) -> World:
        """The world with the crowd."""
        with self._lock:
            if self._drawn is None or self._drawn[0] is not world:
                body = lru_cache(maxsize=_CACHED_BODIES)(lambda event: _body(event, world.bodies))
                events = [*world.events, *self._doubles(world)]
                self._drawn = world, world.with_events(events, replace(world.bodies, event=body))
            return self._drawn[1]

    def _doubles(self, world: World) -> Iterator[_Double]:
        """The crowd: copies of the day's events. The unreachable ones have a name from the middle of all names."""
        models = [e for e in world.events if e.indexed_country == self.country and not e.test and e.venue and e.terms]
        middle = sorted(event.name for event in models)[len(models) // 2]
        start = epoch(world.day + timedelta(days=self.day), 30, "UTC")
        for number in range(self.size):
            model = models[number % len(models)]
            bare = number < self.unreachable
            yield _Double(
                **{name: getattr(model, name) for name in Event.__slots__}
                | {"id": dice.identifier("Crwd", 18, self.seed, "crowd", number), "starts": start, "local_start": None}
                | {"tba": False, "tbd": False}
                | ({"name": middle, "terms": (), "venue": None, "venue_ids": (), "family": False} if bare else {}),
                model=model,
            )


@dataclass(slots=True, eq=False)
class _Double(Event):
    """An event of a crowd, with the event that its JSON is copied from."""

    model: Event


def _body(event: Event, bodies: Bodies) -> bytes:
    if not isinstance(event, _Double):
        return bodies.event(event)
    body = json.loads(bodies.event(event.model)) | {"id": event.id, "name": event.name}
    instant = utc_text(event.starts or 0)
    flags = dict.fromkeys(("dateTBD", "dateTBA", "timeTBA", "noSpecificTime"), False)
    local = {"localDate": instant[:10], "localTime": instant[11:19]}
    body["dates"] = {"start": {**local, "dateTime": instant, **flags}, "timezone": "UTC", "status": {"code": "onsale"}}
    if not event.terms:
        del body["classifications"]
        body.get("_embedded", {}).pop("venues", None)
        body.get("_links", {}).pop("venues", None)
    return json.dumps(body).encode()


def _moved(event: GeneratedEvent, days: int) -> GeneratedEvent:
    """The event, rescheduled by some days."""
    new_standing = event.standing
    planned = event.spec.planned
    day: date = (new_standing.day or planned) + timedelta(days=days)
    new_standing = replace(new_standing, day=day, status="rescheduled", first_day=new_standing.first_day or planned)
    clock = (event.local_start or "T00:00:00")[-9:]
    starts = epoch(day, new_standing.minute, event.spec.zone)
    return replace(event, starts=starts, local_start=f"{day.isoformat()}{clock}", standing=new_standing)
