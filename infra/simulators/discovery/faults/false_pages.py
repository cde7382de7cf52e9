"""Faults of paging: full-looking pages of a search that are not the ones asked for."""

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
    """Pages of event searches with other events than they should have; their numbers and total stay right."""

    match: str = Field(r"/events(\.json)?\?", description="regular expression that path?query must contain")

    def after(self, request: Request, response: Response) -> Response:
        """Answer with the events that the fault chooses."""
        if response.status_code != 200 or not self._hits(request):
            return response
        query = Query("events", tuple(request.args.items(multi=True)))
        page, size = query.paging()
        search = self._simulation.search()
        found = search.find(query, page)
        bodies = [search.world.bodies.event(event) for event in self._choose(found, page, size, self._lot(request))]  # type: ignore[arg-type]
        total = self._simulation.limits.reported(len(found))
        replace_body(response, page_body(request.path, query, "events", bodies, page, size, total))
        return response

    def _choose(self, found: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        raise NotImplementedError


class RepeatedPages(_FalsePages):
    """A page holds what the page before it holds (a cache that mixes them up)."""

    name = "repeated_pages"

    def _choose(self, found: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        first = max(page - 1, 0) * size
        return found[first : first + size]


class ReorderedPages(_FalsePages):
    """A page is cut from another order than its neighbours: events are on several pages, or on none."""

    name = "reordered_pages"

    def _choose(self, found: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        order = list(found)
        lot.shuffle(order)
        return order[page * size : (page + 1) * size]


class SkippedEvents(_FalsePages):
    """Later pages begin too late, as if the order had shifted: events between two pages are on neither."""

    name = "skipped_events"
    by: int = Field(3, description="events that are skipped before a page")

    def _choose(self, found: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        first = page * size + (self.by if page else 0)
        return found[first : first + size]


class MissingPages(_FalsePages):
    """A page comes without any event, though its total says that there are some."""

    name = "missing_pages"

    def _choose(self, found: Sequence[Entity], page: int, size: int, lot: Random) -> Sequence[Entity]:
        return ()
