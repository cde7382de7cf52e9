"""The base class of faults: parameters, the share of requests that it affects, and its hooks.

A fault occurs by chance or by a schedule, but repeatably: whether it affects a request depends on the seed, on the
request and on how often it was sent before, not on the order of threads. Only bursts, drift and the quota depend on the
number of requests, as the real ones do.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from random import Random
from typing import Any, ClassVar, Protocol

from flask import Request, Response
from pydantic import BaseModel, Field, PrivateAttr

from .. import dice
from ..interceptors import Interceptors
from ..limits import Limits
from ..search import Search
from ..world import World


class Simulation(Protocol):
    """The parts of a simulator that a fault reads."""

    api_key: str
    limits: Limits
    interceptors: Interceptors

    def world(self) -> World:
        """Today's world."""

    def search(self) -> Search:
        """Today's world, searchable."""


class Fault(BaseModel, extra="forbid"):
    """Something that goes wrong with some requests. The methods are the simulator's hooks, see `Interceptors`."""

    name: ClassVar[str]

    share: float = Field(0.2, ge=0, le=1, description="share of the matching requests that are struck")
    times: int | None = Field(None, ge=0, description="the same request is struck at most so often; null: no limit")
    match: str = Field("/events", description="regular expression that path?query must contain, without the key")
    seed: int = Field(1, description="same seed, same strikes")

    _simulation: Simulation = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _asked: Counter[str] = PrivateAttr(default_factory=Counter)
    _struck: Counter[str] = PrivateAttr(default_factory=Counter)

    def belong_to(self, simulation: Simulation) -> None:
        """Sets the simulator of this fault."""
        self._simulation = simulation

    def before(self, request: Request) -> Response | None:
        """Returns a response instead of the API, or None."""

    def after(self, request: Request, response: Response) -> Response:
        """Returns the response to send instead of the API's."""
        return response

    def alter(self, world: World) -> World:
        """Returns the world to search instead."""
        return world

    @property
    def strikes(self) -> int:
        """How often the fault occurred."""
        with self._lock:
            return self._struck.total()

    def _lot(self, request: Request) -> Random:
        """Random numbers for the current occurrence with a request."""
        label = label_of(request)
        with self._lock:
            return dice.chance(self.seed, self.name, label, self._struck[label])

    def _hits(self, request: Request) -> bool:
        """Whether the fault affects this request. Each call counts."""
        label = label_of(request)
        if not re.search(self.match, label):
            return False
        with self._lock:
            self._asked[label] += 1
            lot = dice.number(self.seed, self.name, label, self._asked[label]) / 2**64
            hit = lot < self.share and (self.times is None or self._struck[label] < self.times)
            self._struck[label] += hit
        return hit


def label_of(request: Request) -> str:
    """The query of a request, without the key. The same query always gives the same text."""
    pairs = sorted((name, value) for name, value in request.args.items(multi=True) if name != "apikey")
    return f"{request.path}?{'&'.join(f'{name}={value}' for name, value in pairs)}"


def describe(kind: type[Fault]) -> dict[str, Any]:
    """Describe a fault: what it does, and its parameters."""
    fields = kind.model_fields.items()
    parameters = {name: {"default": field.default, "means": field.description} for name, field in fields}
    return {"does": kind.__doc__, "parameters": parameters}
