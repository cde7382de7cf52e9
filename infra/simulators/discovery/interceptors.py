"""The seams between a request and its answer, where faults act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Request, Response

from .world import World


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
