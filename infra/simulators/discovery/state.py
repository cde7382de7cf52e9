"""Everything one running simulator shares between its requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from flask import Request, Response

from .clock import Clock
from .ledger import Ledger
from .limits import Gate, Limits
from .search import Search
from .universe import Source
from .weather import Weather
from .world import World

DEFAULT_API_KEY = "simulated-key"


@dataclass(slots=True)
class Interceptors:
    """The seams where a fault can be put between a request and its answer.

    `before` see every API request first; the one that returns a response answers it, and the API never sees it.
    `after` see every API request with its answer, and return what is sent instead. `worlds` turn the day's world into
    the one that is searched; each must return the same world until something in it changes. The lists may be changed
    while the server runs.
    """

    before: list[Callable[[Request], Response | None]] = field(default_factory=list)
    after: list[Callable[[Request, Response], Response]] = field(default_factory=list)
    worlds: list[Callable[[World], World]] = field(default_factory=list)

    def clear(self) -> None:
        """Remove them all."""
        self.before.clear()
        self.after.clear()
        self.worlds.clear()


class State:
    """The source of worlds, the clock, the limits with their counters, and the ledger of one simulator."""

    def __init__(self, source: Source, clock: Clock, limits: Limits, api_key: str) -> None:
        self.source, self.clock, self.limits, self.api_key = source, clock, limits, api_key
        self.gate = Gate(limits, clock.now)
        self.ledger = Ledger()
        self.interceptors = Interceptors()
        self.weather = Weather(self)
        self._lock = threading.Lock()
        self._search_of = lru_cache(maxsize=3)(Search)

    def world(self) -> World:
        """Today's world, by the simulator's clock (UTC)."""
        return self.search().world

    def search(self) -> Search:
        """Today's world, searchable. A new day is made once, however many requests ask for it at the same time."""
        with self._lock:
            world = self.source.on(self.clock.now().date())
            for alter in list(self.interceptors.worlds):
                world = alter(world)
            return self._search_of(world)

    def reset(self) -> None:
        """As freshly started, but for the clock: no counts, no quota used, no faults, no interceptors."""
        self.gate.reset()
        self.ledger.reset()
        self.weather.clear()
        self.interceptors.clear()
