"""Walks the slices of events: reads those that are small enough, cuts the others, reconciles each with its total."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from schemas.slices import SliceCounts
from sources.landing import Landing
from sources.ticketmaster.atlas import Atlas
from sources.ticketmaster.client import DiscoveryClient
from sources.ticketmaster.documents import Page
from sources.ticketmaster.errors import BadRequest, MalformedBody
from sources.ticketmaster.pages import PageReader
from sources.ticketmaster.reading import Reading
from sources.ticketmaster.tally import IdTally
from sources.ticketmaster.windows import MOST_PER_WINDOW, READABLE, TOTAL_CAP, Bounds, Slice, page_size, pages_for

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# "Max paging depth exceeded" and "Results limit exceeded": the slice is too large, whatever its total was.
_TOO_DEEP = ("DIS1035", "DIS1024")
_BY_ID = "id,asc"
# How often a slice is read whose pages don't prove that it was read whole.
_LOOKS = 3
# Read from both ends by name, a slice of up to twice a window's size is fetched whole.
_FROM_BOTH_ENDS = ("name,asc", "name,desc")


class EventWalk:
    """Collects the events of slices.

    Args:
        client: reports its counts.
        reader: reads pages.
        landing: takes the counts of slices.
        pool: threads for the reader, which may wait.
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
        self.windows = 0
        self.reported = 0
        self.residual = 0
        self.unproven: list[str] = []

    def unembedded(self, entity: str) -> list[str]:
        """Ids of the venues or attractions that events link to and that no page embeds."""
        return sorted(identity for kind, identity in self._referenced - self._embedded if kind == entity)

    async def learn_bounds(self, slices: Sequence[Slice]) -> None:
        """Find out whether the API's time bounds include their own second, by requesting an event at its own start.

        It isn't documented, and at a full hour, hundreds of events depend on it. If there is no event to request, the
        answer doesn't matter.
        """
        for slice_ in slices:
            first = await self._page(slice_, 0)
            if first and first.example:
                identity, start = first.example
                probe = slice_.at(start, identity)
                page = await self._page(probe, 0)
                self.bounds = Bounds.INCLUSIVE if page and page.total else Bounds.UNKNOWN
                log.info("The API's time bounds are %s", self.bounds.name.lower())
                return

    async def collect_all(self, slices: Iterable[Slice]) -> None:
        """Collect slices, several at a time."""
        await _all(self._collect(slice_, None) for slice_ in slices)

    async def _collect(self, slice_: Slice, into: set[str] | None, look: str = "") -> int:
        """Collect one slice.

        Args:
            slice_: the slice.
            into: takes the ids, if the slice is part of one that is reconciled as a whole; otherwise the slice
                reports itself.
            look: distinguishes pages from those that were read of the slice before.

        Returns:
            The number of events that the source reports for it; any shortfall is listed by then.
        """
        async with self._slots:
            reading = await self._first(slice_, look)
            if reading.total <= MOST_PER_WINDOW and await self._read_whole(slice_, reading, look):
                return self._reconcile(slice_, reading, into)
        return await self._cut(slice_, reading, into, look)

    async def _first(self, slice_: Slice, look: str) -> Reading:
        """The first page of a slice; if it cannot be read, the second, which has the same total."""
        reading = Reading()
        for number in (0, 1):
            reading.add(number, await self._page(slice_, number, look=look))
            if reading.total >= 0:
                return reading
        raise MalformedBody("The Discovery API answered with unreadable pages only.", f"events of {slice_.label}")

    async def _read_whole(self, slice_: Slice, reading: Reading, look: str) -> bool:
        """Read all pages of a slice, and read them again while they don't prove that no event is missing.

        Returns:
            False if the slice turns out to be too large to read.
        """
        looks = [look, *(f"{look}.r{again}" for again in range(1, _LOOKS))]
        for present in looks:
            if present != look:
                log.info("%s: %d of %d events, reading again", slice_.label, len(reading.ids), reading.total)
                reading.look_again()
                reading.add(0, await self._page(slice_, 0, look=present))
            await self._read_on(slice_, reading, present)
            if reading.is_too_deep or reading.total > READABLE:
                return False
            if reading.is_proven and not reading.short:
                break
        return True

    async def _read_on(self, slice_: Slice, reading: Reading, look: str) -> None:
        """Read the pages that the total implies, then those that the total implies by then."""
        while numbers := reading.still_missing:
            try:
                pages = await _all(self._page(slice_, number, look=look) for number in numbers)
            except BadRequest as error:
                if error.code not in _TOO_DEEP:
                    raise
                reading.is_too_deep = True
                return
            for number, page in zip(numbers, pages, strict=True):
                reading.add(number, page)

    def _reconcile(self, slice_: Slice, reading: Reading, into: set[str] | None) -> int:
        """Compare what was read with the total, and report it."""
        reported = reading.total
        fetched = len(reading.ids)
        is_certain = reading.is_proven or reading.is_steady
        is_unknown = not is_certain and fetched >= reported
        note = _shortage(reported - fetched, reading.unread, is_certain=is_certain)
        if is_unknown:
            note = f"its pages contradicted each other {_LOOKS} times; it is unknown whether events are missing"
        elif fetched > reported:
            note = f"{fetched - reported} events vanished while the others were read"
        counts = SliceCounts("events", slice_.label, reported, fetched, note, is_unknown)
        self._report(counts, reading.ids, into, f"{len(reading.done)} pages")
        return max(reported, fetched)

    async def _cut(self, slice_: Slice, reading: Reading, into: set[str] | None, look: str) -> int:
        """Collect a slice that is too large in parts."""
        parts = slice_.in_time(reading.total, reading.starts)
        if not parts:
            return await self._disperse(slice_, reading, into, look)
        log.info("%s: %s events, cut into %d", slice_.label, _total(reading.total), len(parts))
        accounted = sum(await _all(self._collect(part, into, look) for part in parts))
        if into is None and accounted < reading.total < TOTAL_CAP:
            accounted += await self._find_between(slice_, parts, accounted)
        return accounted

    async def _find_between(self, slice_: Slice, parts: list[Slice], accounted: int) -> int:
        """Read the parts of a slice again if their totals are smaller than the slice's, and list any shortfall.

        An event may have moved from a part that was not read yet into one that was.

        Returns:
            The number of events that the source reports beyond the accounted ones.
        """
        look = ".again"
        whole = await self._page(slice_, 0, look=look)
        beyond = whole.total - accounted if whole else 0
        if beyond <= 0:
            return 0
        log.info("%s: its parts have %d events fewer than it reports, reading them again", slice_.label, beyond)
        ids: set[str] = set()
        await _all(self._collect(part, ids, look) for part in parts)
        short = min(max(accounted + beyond - len(ids), 0), beyond)
        note = f"the parts of {slice_.label} have {short} events fewer than it reports, also when read again"
        counts = SliceCounts(
            "events", f"{slice_.label} between its parts", beyond, beyond - short, note if short else None
        )
        self._report(counts, ids, None, "read again")
        return beyond

    async def _disperse(self, slice_: Slice, reading: Reading, into: set[str] | None, look: str) -> int:
        """Collect a crowd that time cannot cut; if it changes meanwhile, its total proves nothing: collect it again."""
        ids = set(reading.ids)
        reported = reading.total
        log.info("%s: %s events at once, cut by other dimensions", slice_.label, _total(reported))
        for present in (look, f"{look}.r1"):
            async for _ in self._ways(slice_, reported, ids, present):
                if len(ids) >= reported and reported != TOTAL_CAP:
                    break
            last = await self._page(slice_, 0, look=f"{present}.last")
            is_steady = last is not None and last.total == reported and len(ids) <= reported
            if is_steady or present != look or last is None:
                break
            ids = set(last.ids)
            reported = last.total
        note = _shortage(reported - len(ids), set(), is_certain=is_steady)
        is_unknown = reported == TOTAL_CAP
        if is_unknown:
            note = f"the source reports at most {TOTAL_CAP:,}; it is unknown whether events are missing"
        elif not is_steady and not note:
            is_unknown = True
            note = "it changed each time it was read; it is unknown whether events are missing"
        self._report(
            SliceCounts("events", slice_.label, reported, len(ids), note, is_unknown), ids, into, "by dimensions"
        )
        return max(reported, len(ids))

    async def _ways(self, slice_: Slice, reported: int, ids: set[str], look: str) -> AsyncIterator[None]:
        """Search a crowd for more events in one way after the other, cheapest first."""
        is_read_whole = reported <= 2 * MOST_PER_WINDOW
        if is_read_whole:
            await self._from_both_ends(slice_, reported, ids, look)
            yield
        for number, parts in enumerate(self.atlas.cuts(slice_)):
            await _all(self._collect_unless(part, reported, ids, look) for part in parts)
            yield
            if number == 0 and not is_read_whole:
                # No part contains an event without a segment, for example; the ends of other orders show some of them.
                await self._from_both_ends(slice_, reported, ids, look)
                yield

    async def _collect_unless(self, part: Slice, reported: int, ids: set[str], look: str) -> None:
        """Collect a part of a crowd, unless it is complete by now: the first parts may have had the missing events."""
        if len(ids) < reported or reported == TOTAL_CAP:
            await self._collect(part, ids, look)

    async def _from_both_ends(self, slice_: Slice, reported: int, ids: set[str], look: str) -> None:
        """Read a crowd's first and last pages by name; if that was not all of it, then those by id."""
        for orders, pages in ((_FROM_BOTH_ENDS, pages_for(-(-reported // 2))), ((_BY_ID,), pages_for(reported))):
            searches = [(sort, number) for sort in orders for number in range(pages)]
            for page in await _all(self._page(slice_, number, sort=sort, look=look) for sort, number in searches):
                ids.update(page.ids if page else ())
            if len(ids) >= reported:
                return

    async def _page(self, slice_: Slice, number: int, *, sort: str = _BY_ID, look: str = "") -> Page | None:
        """One page of a slice, read in the pool; its contribution to the crawl is recorded here, in one thread."""
        params = {"size": str(page_size(number)), "sort": sort, "locale": "*", **slice_.params(self.bounds)}
        order = "" if sort == _BY_ID else f".{sort.replace(',', '-')}"
        wide = ".wide" if self.bounds is Bounds.UNKNOWN and slice_.start else ""
        loop = asyncio.get_running_loop()
        page = await loop.run_in_executor(
            self._pool, self._reader.read, "events", f"{slice_.name}{wide}{order}{look}", number, params
        )
        if page:
            self.tally.add(page.ids)
            self._embedded |= page.embedded
            self._referenced |= page.referenced
            self.atlas.add_states(slice_.country, page.states)
        return page

    def _report(self, counts: SliceCounts, ids: set[str], into: set[str] | None, how: str) -> None:
        """Add a slice to the manifest, or its ids to those of the whole that it is a part of."""
        if into is None:
            self._landing.record_slice(counts)
            self.windows += 1
            self.reported += counts.reported
            self.residual += counts.residual or 0
            self.unproven += [counts.name] if counts.is_unknown else []
        else:
            into |= ids
        client = self._client
        log.info(
            "%s: %s events, %s (%s requests, %.1f/s, quota left %s)%s",
            *(
                counts.name,
                f"{counts.fetched:,}",
                how,
                f"{client.requests_made:,}",
                client.pace,
                f"{client.quota_left:,}",
            ),
            f"; {counts.note}" if counts.note else "",
        )


async def _all(jobs: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Run jobs concurrently; the first failure stops the others, and is raised unchanged."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _shortage(short: int, unread: set[int], *, is_certain: bool = True) -> str | None:
    if short <= 0:
        return None
    pages = ", ".join(str(number) for number in sorted(unread))
    unreadable = f"; page {pages} cannot be read and is landed as received" if unread else ""
    number = f"{short}" if is_certain else f"at least {short}"
    return f"{number} events that the source reports could not be fetched, also when read again{unreadable}"


def _total(total: int) -> str:
    return f"{total:,}{' or more' if total == TOTAL_CAP else ''}"
