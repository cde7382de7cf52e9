"""What every fault has: parameters, a share of the requests that it strikes, and the seams where it acts.

A fault strikes by chance or by a schedule, and repeatably: whether a request is struck depends on the seed, on what it
asks for and on how often that was asked before, not on which thread comes first. Only bursts, drift and the quota go by
the number of requests, as the real ones do.
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
    """What a fault reads of the simulator that has it."""

    api_key: str
    limits: Limits
    interceptors: Interceptors

    def world(self) -> World:
        """Today's world."""

    def search(self) -> Search:
        """Today's world, searchable."""


class Fault(BaseModel, extra="forbid"):
    """Something that goes wrong with some requests; the methods are the simulator's seams, see `Interceptors`."""

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
        """Set the simulator that has this fault."""
        self._simulation = simulation

    def before(self, request: Request) -> Response | None:
        """Answer a request in place of the API, or not."""

    def after(self, request: Request, response: Response) -> Response:
        """What is sent instead of the API's answer."""
        return response

    def alter(self, world: World) -> World:
        """The world that is searched instead."""
        return world

    @property
    def strikes(self) -> int:
        """How often it struck."""
        with self._lock:
            return self._struck.total()

    def _lot(self, request: Request) -> Random:
        """Chance for the present strike of a request."""
        label = label_of(request)
        with self._lock:
            return dice.chance(self.seed, self.name, label, self._struck[label])

    def _hits(self, request: Request) -> bool:
        """Whether this request is struck; asking counts."""
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
    """What a request asks for, without the key; the same for the same question."""
    pairs = sorted((name, value) for name, value in request.args.items(multi=True) if name != "apikey")
    return f"{request.path}?{'&'.join(f'{name}={value}' for name, value in pairs)}"


def describe(kind: type[Fault]) -> dict[str, Any]:
    """What a fault does and what can be set."""
    fields = kind.model_fields.items()
    parameters = {name: {"default": field.default, "means": field.description} for name, field in fields}
    return {"does": kind.__doc__, "parameters": parameters}
