"""Faults of paging: pages that look complete but are not the requested ones."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from flask import Request, Response
from pydantic import Field

from ..hal import page_body
from ..query import Query
from ..search import Entity
from .bodies import replace_body
from .fault import Fault


class _FalsePages(Fault):
    """Pages of event searches with wrong events. Page numbers and total stay correct."""

    match: str = Field(r"/events(\.json)?\?", description="regular expression that path?query must contain")

    def after(self, request: Request, response: Response) -> Response:
        """Responds with the events that the fault selects."""
        if response.status_code != 200 or not self._hits(request):
            return response
        query = Query("events", tuple(request.args.items(multi=True)))
        page, size = query.paging()
        search = self._simulation.search()
        results = search.find(query, page)
        bodies = [search.world.bodies.event(event) for event in self._choose(results, page, size, self._lot(request))]  # type: ignore[arg-type]
        total = self._simulation.limits.reported(len(results))
        replace_body(response, page_body(request.path, query, "events", bodies, page, size, total))
        return response

    def _choose(self, results: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        raise NotImplementedError


class RepeatedPages(_FalsePages):
    """A page contains the events of the page before it (a cache that mixes them up)."""

    name = "repeated_pages"

    def _choose(self, results: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        start = max(page - 1, 0) * size
        return results[start : start + size]


class ReorderedPages(_FalsePages):
    """A page comes from another order than its neighbours: events are on several pages, or on none."""

    name = "reordered_pages"

    def _choose(self, results: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        order = list(results)
        lot.shuffle(order)
        return order[page * size : (page + 1) * size]


class SkippedEvents(_FalsePages):
    """Later pages begin too late, as if the order had shifted: events between two pages are on neither."""

    name = "skipped_events"
    by: int = Field(3, description="events that are skipped before a page")

    def _choose(self, results: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        start = page * size + (self.by if page else 0)
        return results[start : start + size]


class MissingPages(_FalsePages):
    """A page has no events, although its total is larger."""

    name = "missing_pages"

    def _choose(self, results: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        return ()
