"""Walks the slices of events: reads those that are small enough, cuts the others, reconciles each with its total."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from schemas.raw_object import Landing, Window
from sources.ticketmaster.atlas import Atlas
from sources.ticketmaster.client import DiscoveryClient
from sources.ticketmaster.documents import Page
from sources.ticketmaster.errors import BadRequest, MalformedBody
from sources.ticketmaster.pages import PageReader
from sources.ticketmaster.tally import IdTally
from sources.ticketmaster.windows import (
    DEEPEST_PAGE,
    MOST_PER_WINDOW,
    PAGE_SIZE,
    TOTAL_CAP,
    Bounds,
    Slice,
)

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# "Max paging depth exceeded" and "Results limit exceeded": the slice is too large, whatever its total said.
_TOO_DEEP = ("DIS1035", "DIS1024")
_BY_ID = "id,asc"
# Read from both ends by name, a slice of up to twice a window's size comes out whole.
_FROM_BOTH_ENDS = ("name,asc", "name,desc")


@dataclass(slots=True)
class _Findings:
    """What the pages of one slice say, as they are read.

    Attributes:
        total: of the last page that was read (totals drift while paging).
        ids: distinct ones on all pages.
        starts: of the first readable page: the sample that a cut goes by.
        unread: pages whose answer could not be read.
        is_too_deep: the API refused a page as too deep.
    """

    total: int = -1
    ids: set[str] = field(default_factory=set)
    starts: tuple[int, ...] = ()
    done: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)
    is_too_deep: bool = False

    def add(self, number: int, page: Page | None) -> None:
        """Take a page in."""
        self.done.add(number)
        if page is None:
            self.unread.add(number)
            return
        self.total = page.total if self.total < 0 or number == max(self.done) else self.total
        self.starts = self.starts or page.starts
        self.ids.update(page.ids)

    @property
    def still_wanted(self) -> list[int]:
        """Numbers of the pages that the total says there are, and that were not asked for."""
        pages = min(-(-self.total // PAGE_SIZE), DEEPEST_PAGE + 1)
        return [number for number in range(pages) if number not in self.done]


class EventWalk:
    """Collects the events of slices.

    Args:
        client: for its counts.
        reader: reads pages.
        landing: takes the windows.
        pool: where the reader may wait.
        concurrency: slices to read at a time.
    """

    def __init__(
        self, client: DiscoveryClient, reader: PageReader, landing: Landing, pool: Executor, concurrency: int
    ) -> None:
        self._client = client
        self._reader = reader
        self._landing = landing
        self._pool = pool
        self._slots = asyncio.Semaphore(max(concurrency, 1))
        self._embedded: set[tuple[str, str]] = set()
        self._referenced: set[tuple[str, str]] = set()
        self.bounds = Bounds.INCLUSIVE
        self.atlas = Atlas()
        self.tally = IdTally()
        self.windows = self.said = self.residual = 0

    def unembedded(self, entity: str) -> list[str]:
        """Ids of the venues or attractions that events link to, and that came embedded with none."""
        return sorted(identity for kind, identity in self._referenced - self._embedded if kind == entity)

    async def learn_bounds(self, pieces: Sequence[Slice]) -> None:
        """Find out whether the API's time bounds include their own second, by asking for an event at its own start.

        Nobody documents it, and at a whole hour hundreds of events hang on it. When there is no event to ask for, the
        answer does not matter.
        """
        for piece in pieces:
            first = await self._page(piece, 0)
            if first and first.example:
                identity, start = first.example
                probe = piece.at(start, identity)
                page = await self._page(probe, 0)
                self.bounds = Bounds.INCLUSIVE if page and page.total else Bounds.UNKNOWN
                log.info("The API's time bounds are %s", self.bounds.name.lower())
                return

    async def collect_all(self, pieces: Iterable[Slice]) -> None:
        """Collect slices, several at a time."""
        await _all(self._collect(piece, None) for piece in pieces)

    async def _collect(self, piece: Slice, into: set[str] | None) -> int:
        """Collect one slice.

        Args:
            piece: the slice.
            into: takes the ids, when the slice is part of a crowd that is reconciled as a whole; otherwise the slice
                reports itself.

        Returns:
            Events that the source reports for it; those that could not be had are accounted for by then.
        """
        async with self._slots:
            found = await self._first(piece)
            if found.total <= MOST_PER_WINDOW:
                await self._read_on(piece, found)
                if not found.is_too_deep:
                    return await self._reconcile(piece, found, into)
        return await self._cut(piece, found, into)

    async def _first(self, piece: Slice) -> _Findings:
        """The first page of a slice; when it cannot be read, the second tells the total just as well."""
        found = _Findings()
        for number in (0, 1):
            found.add(number, await self._page(piece, number))
            if found.total >= 0:
                return found
        raise MalformedBody("The Discovery API answered with unreadable pages only.", f"events of {piece.label}")

    async def _read_on(self, piece: Slice, found: _Findings, look: str = "") -> None:
        """Read the pages that the total says there are, and those that it says there are by then."""
        while wanted := found.still_wanted:
            try:
                pages = await _all(self._page(piece, number, look=look) for number in wanted)
            except BadRequest as error:
                if error.code not in _TOO_DEEP:
                    raise
                found.is_too_deep = True
                return
            for number, page in zip(wanted, pages, strict=True):
                found.add(number, page)

    async def _reconcile(self, piece: Slice, found: _Findings, into: set[str] | None) -> int:
        """Compare what was read with the total; look a second time when something is short."""
        said, unread = found.total, found.unread
        if len(found.ids) < said:
            log.info("%s: %d of %d events, looking again", piece.label, len(found.ids), said)
            again = _Findings()
            again.add(0, await self._page(piece, 0, look=".r1"))
            if again.total >= 0:
                await self._read_on(piece, again, look=".r1")
                found.ids |= again.ids
                said, unread = again.total, found.unread & again.unread
        note = _shortage(said - len(found.ids), unread)
        self._report(piece, said, found.ids, note, into, f"{len(found.done)} pages")
        return max(said, len(found.ids))

    async def _cut(self, piece: Slice, found: _Findings, into: set[str] | None) -> int:
        """Collect a slice that is too large in parts."""
        parts = piece.in_time(found.total, found.starts)
        if not parts:
            return await self._disperse(piece, found, into)
        log.info("%s: %s events, cut into %d", piece.label, _total(found.total), len(parts))
        accounted = sum(await _all(self._collect(part, into) for part in parts))
        if into is None and accounted < found.total < TOTAL_CAP:
            accounted = await self._account_for(piece, found.total, accounted)
        return accounted

    async def _account_for(self, piece: Slice, said: int, accounted: int) -> int:
        """The parts of a slice are said to hold less than the slice: ask again, and name what is still short."""
        again = await self._page(piece, 0, look=".r1")
        said = again.total if again else said
        if accounted >= said or said >= TOTAL_CAP:
            return accounted
        note = f"the parts of {piece.label} were said to hold {accounted} events, the whole {said}"
        self._report_window(Window("events", f"{piece.label} between its parts", said - accounted, 0, note))
        return said

    async def _disperse(self, piece: Slice, found: _Findings, into: set[str] | None) -> int:
        """Collect a crowd that time cannot cut: in other orders, and along every dimension until nothing is short."""
        ids, said = set(found.ids), found.total
        log.info("%s: %s events at once, cut by other dimensions", piece.label, _total(said))
        async for _ in self._ways(piece, said, ids):
            if len(ids) >= said and said != TOTAL_CAP:
                break
        note = _shortage(said - len(ids), set())
        if said == TOTAL_CAP:
            note = f"the source reports no more than {TOTAL_CAP:,}; whether something is short cannot be told"
        self._report(piece, said, ids, note, into, "by dimensions")
        return max(said, len(ids))

    async def _ways(self, piece: Slice, said: int, ids: set[str]) -> AsyncIterator[None]:
        """Take one way after the other to find more events of a crowd, cheapest first."""
        is_read_whole = said <= 2 * MOST_PER_WINDOW
        if is_read_whole:
            await self._from_both_ends(piece, said, ids)
            yield
        for number, parts in enumerate(self.atlas.cuts(piece)):
            await _all(self._collect_unless(part, said, ids) for part in parts)
            yield
            if number == 0 and not is_read_whole:
                # What has no segment, say, is found in no part; the ends of other orders show some of it.
                await self._from_both_ends(piece, said, ids)
                yield

    async def _collect_unless(self, part: Slice, said: int, ids: set[str]) -> None:
        """Collect a part of a crowd, unless nothing is short by now: what was missing may be in the first parts."""
        if len(ids) < said or said == TOTAL_CAP:
            await self._collect(part, ids)

    async def _from_both_ends(self, piece: Slice, said: int, ids: set[str]) -> None:
        """Read a crowd's first pages by name, and its last; then those by id, when that was not all of it."""
        half = min(-(-said // (2 * PAGE_SIZE)), DEEPEST_PAGE + 1)
        for orders, pages in ((_FROM_BOTH_ENDS, half), ((_BY_ID,), DEEPEST_PAGE + 1)):
            wanted = [(sort, number) for sort in orders for number in range(pages) if number * PAGE_SIZE < said]
            for page in await _all(self._page(piece, number, sort=sort) for sort, number in wanted):
                ids.update(page.ids if page else ())
            if len(ids) >= said:
                return

    async def _page(self, piece: Slice, number: int, *, sort: str = _BY_ID, look: str = "") -> Page | None:
        """One page of a slice, read in the pool; what it says of the whole crawl is noted here, in one thread."""
        params = {"size": str(PAGE_SIZE), "sort": sort, "locale": "*", **piece.params(self.bounds)}
        order = "" if sort == _BY_ID else f".{sort.replace(',', '-')}"
        wide = ".wide" if self.bounds is Bounds.UNKNOWN and piece.start else ""
        loop = asyncio.get_running_loop()
        page = await loop.run_in_executor(
            self._pool, self._reader.read, "events", f"{piece.name}{wide}{order}{look}", number, params
        )
        if page:
            self.tally.add(page.ids)
            self._embedded |= page.embedded
            self._referenced |= page.referenced
            self.atlas.add_states(piece.country, page.states)
        return page

    def _report(
        self, piece: Slice, said: int, ids: set[str], note: str | None, into: set[str] | None, how: str
    ) -> None:
        if into is None:
            self._report_window(Window("events", piece.label, said, len(ids), note))
        else:
            into |= ids
        client = self._client
        log.info(
            "%s: %s events, %s (%s requests, %.1f/s, quota left %s)%s",
            *(piece.label, f"{len(ids):,}", how, f"{client.requests_made:,}", client.pace, f"{client.quota_left:,}"),
            f"; {note}" if note else "",
        )

    def _report_window(self, window: Window) -> None:
        self._landing.window(window)
        self.windows += 1
        self.said += window.said
        self.residual += window.residual


async def _all(jobs: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Run jobs side by side; the first failure stops the others, and is raised as it is."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _shortage(short: int, unread: set[int]) -> str | None:
    if short <= 0:
        return None
    pages = ", ".join(str(number) for number in sorted(unread))
    unreadable = f"; page {pages} cannot be read and is landed as received" if unread else ""
    return f"{short} events that the source reports could not be had, also at a second look{unreadable}"


def _total(total: int) -> str:
    return f"{total:,}{' or more' if total == TOTAL_CAP else ''}"
