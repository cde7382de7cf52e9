"""Interceptors between a request and its response, which faults use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Request, Response

from .world import World


@dataclass(slots=True)
class Interceptors:
    """Hooks between a request and its response, which faults use.

    `before` get every API request first; if one returns a response, the API never sees the request. `after` get every
    API request with its response, and return the response to send. `worlds` change the day's world before it is
    searched; each must return the same world until something in it changes. You can change the lists while the server
    runs.
    """

    before: list[Callable[[Request], Response | None]] = field(default_factory=list)
    after: list[Callable[[Request, Response], Response]] = field(default_factory=list)
    worlds: list[Callable[[World], World]] = field(default_factory=list)

    def clear(self) -> None:
        """Removes all interceptors."""
        self.before.clear()
        self.after.clear()
        self.worlds.clear()
