"""The state that one running simulator shares between its requests."""

from __future__ import annotations

import threading
from functools import lru_cache

from .clock import Clock
from .faults import Faults
from .interceptors import Interceptors
from .ledger import Ledger
from .limits import Gate, Limits
from .search import Search
from .universe import Source
from .world import World

DEFAULT_API_KEY = "simulated-key"


class SimulatorState:
    """The source of worlds, the clock, the limits with their counters, and the ledger of one simulator."""

    def __init__(self, source: Source, clock: Clock, limits: Limits, api_key: str) -> None:
        self.source = source
        self.clock = clock
        self.limits = limits
        self.api_key = api_key
        self.gate = Gate(limits, clock.now)
        self.ledger = Ledger()
        self.interceptors = Interceptors()
        self.faults = Faults(self)
        self._lock = threading.Lock()
        self._search_of = lru_cache(maxsize=3)(Search)

    def world(self) -> World:
        """Today's world, by the simulator's clock (UTC)."""
        return self.search().world

    def search(self) -> Search:
        """Today's world, searchable. A new day is generated once, even if many requests need it at the same time."""
        with self._lock:
            world = self.source.on(self.clock.now().date())
            for alter in list(self.interceptors.worlds):
                world = alter(world)
            return self._search_of(world)

    def reset(self) -> None:
        """Resets everything except the clock: counts, quota, faults and interceptors."""
        self.gate.reset()
        self.ledger.reset()
        self.faults.clear()
        self.interceptors.clear()
