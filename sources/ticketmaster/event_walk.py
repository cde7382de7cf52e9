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

# "Max paging depth exceeded" and "Results limit exceeded": the slice is too large, whatever its total said.
_TOO_DEEP = ("DIS1035", "DIS1024")
_BY_ID = "id,asc"
# How often a slice is read whose pages do not prove that it was read whole.
_LOOKS = 3
# Read from both ends by name, a slice of up to twice a window's size comes out whole.
_FROM_BOTH_ENDS = ("name,asc", "name,desc")


class EventWalk:
    """Collects the events of slices.

    Args:
        client: for its counts.
        reader: reads pages.
        landing: takes the counts of slices.
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
        self.unproven: list[str] = []

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

    async def _collect(self, piece: Slice, into: set[str] | None, look: str = "") -> int:
        """Collect one slice.

        Args:
            piece: the slice.
            into: takes the ids, when the slice is part of something that is reconciled as a whole; otherwise the slice
                reports itself.
            look: sets pages apart from those that were read of the slice before.

        Returns:
            Events that the source reports for it; those that could not be had are accounted for by then.
        """
        async with self._slots:
            found = await self._first(piece, look)
            if found.total <= MOST_PER_WINDOW and await self._read_whole(piece, found, look):
                return self._reconcile(piece, found, into)
        return await self._cut(piece, found, into, look)

    async def _first(self, piece: Slice, look: str) -> Reading:
        """The first page of a slice; when it cannot be read, the second tells the total just as well."""
        found = Reading()
        for number in (0, 1):
            found.add(number, await self._page(piece, number, look=look))
            if found.total >= 0:
                return found
        raise MalformedBody("The Discovery API answered with unreadable pages only.", f"events of {piece.label}")

    async def _read_whole(self, piece: Slice, found: Reading, look: str) -> bool:
        """Read all pages of a slice, and again while they do not prove that nothing is short.

        Returns:
            False when the slice turns out to be too large to be read.
        """
        looks = [look, *(f"{look}.r{again}" for again in range(1, _LOOKS))]
        for present in looks:
            if present != look:
                log.info("%s: %d of %d events, looking again", piece.label, len(found.ids), found.total)
                found.look_again()
                found.add(0, await self._page(piece, 0, look=present))
            await self._read_on(piece, found, present)
            if found.is_too_deep or found.total > READABLE:
                return False
            if found.is_proven and not found.short:
                break
        return True

    async def _read_on(self, piece: Slice, found: Reading, look: str) -> None:
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

    def _reconcile(self, piece: Slice, found: Reading, into: set[str] | None) -> int:
        """Compare what was read with the total, and report it."""
        said, got = found.total, len(found.ids)
        is_certain = found.is_proven or found.is_steady
        is_unknown = not is_certain and got >= said
        note = _shortage(said - got, found.unread, is_certain=is_certain)
        if is_unknown:
            note = f"its pages contradict each other in {_LOOKS} looks; whether something is short cannot be told"
        elif got > said:
            note = f"{got - said} events vanished while the others were read"
        counts = SliceCounts("events", piece.label, said, got, note, is_unknown)
        self._report(counts, found.ids, into, f"{len(found.done)} pages")
        return max(said, got)

    async def _cut(self, piece: Slice, found: Reading, into: set[str] | None, look: str) -> int:
        """Collect a slice that is too large in parts."""
        parts = piece.in_time(found.total, found.starts)
        if not parts:
            return await self._disperse(piece, found, into, look)
        log.info("%s: %s events, cut into %d", piece.label, _total(found.total), len(parts))
        accounted = sum(await _all(self._collect(part, into, look) for part in parts))
        if into is None and accounted < found.total < TOTAL_CAP:
            accounted += await self._find_between(piece, parts, accounted)
        return accounted

    async def _find_between(self, piece: Slice, parts: list[Slice], accounted: int) -> int:
        """The parts of a slice are said to hold less than the slice did: an event may have moved from a part that was
        not read yet into one that was. If the slice still says so, read the parts again, and name what is still short.

        Returns:
            Events that the source reports beyond the accounted ones.
        """
        look = ".again"
        whole = await self._page(piece, 0, look=look)
        beyond = whole.total - accounted if whole else 0
        if beyond <= 0:
            return 0
        log.info("%s: its parts hold %d events less than it says, reading them again", piece.label, beyond)
        ids: set[str] = set()
        await _all(self._collect(part, ids, look) for part in parts)
        short = min(max(accounted + beyond - len(ids), 0), beyond)
        note = f"the parts of {piece.label} hold {short} events less than it says, also at a second look"
        counts = SliceCounts(
            "events", f"{piece.label} between its parts", beyond, beyond - short, note if short else None
        )
        self._report(counts, ids, None, "read again")
        return beyond

    async def _disperse(self, piece: Slice, found: Reading, into: set[str] | None, look: str) -> int:
        """Collect a crowd that time cannot cut; once more, when it changes meanwhile: then its total proves nothing."""
        ids, said = set(found.ids), found.total
        log.info("%s: %s events at once, cut by other dimensions", piece.label, _total(said))
        for present in (look, f"{look}.r1"):
            async for _ in self._ways(piece, said, ids, present):
                if len(ids) >= said and said != TOTAL_CAP:
                    break
            last = await self._page(piece, 0, look=f"{present}.last")
            is_steady = last is not None and last.total == said and len(ids) <= said
            if is_steady or present != look or last is None:
                break
            ids, said = set(last.ids), last.total
        note, is_unknown = _shortage(said - len(ids), set(), is_certain=is_steady), said == TOTAL_CAP
        if is_unknown:
            note = f"the source reports no more than {TOTAL_CAP:,}; whether something is short cannot be told"
        elif not is_steady and not note:
            is_unknown, note = True, "it changed each time it was read; whether something is short cannot be told"
        self._report(SliceCounts("events", piece.label, said, len(ids), note, is_unknown), ids, into, "by dimensions")
        return max(said, len(ids))

    async def _ways(self, piece: Slice, said: int, ids: set[str], look: str) -> AsyncIterator[None]:
        """Take one way after the other to find more events of a crowd, cheapest first."""
        is_read_whole = said <= 2 * MOST_PER_WINDOW
        if is_read_whole:
            await self._from_both_ends(piece, said, ids, look)
            yield
        for number, parts in enumerate(self.atlas.cuts(piece)):
            await _all(self._collect_unless(part, said, ids, look) for part in parts)
            yield
            if number == 0 and not is_read_whole:
                # What has no segment, say, is found in no part; the ends of other orders show some of it.
                await self._from_both_ends(piece, said, ids, look)
                yield

    async def _collect_unless(self, part: Slice, said: int, ids: set[str], look: str) -> None:
        """Collect a part of a crowd, unless nothing is short by now: what was missing may be in the first parts."""
        if len(ids) < said or said == TOTAL_CAP:
            await self._collect(part, ids, look)

    async def _from_both_ends(self, piece: Slice, said: int, ids: set[str], look: str) -> None:
        """Read a crowd's first pages by name, and its last; then those by id, when that was not all of it."""
        for orders, pages in ((_FROM_BOTH_ENDS, pages_for(-(-said // 2))), ((_BY_ID,), pages_for(said))):
            wanted = [(sort, number) for sort in orders for number in range(pages)]
            for page in await _all(self._page(piece, number, sort=sort, look=look) for sort, number in wanted):
                ids.update(page.ids if page else ())
            if len(ids) >= said:
                return

    async def _page(self, piece: Slice, number: int, *, sort: str = _BY_ID, look: str = "") -> Page | None:
        """One page of a slice, read in the pool; what it says of the whole crawl is noted here, in one thread."""
        params = {"size": str(page_size(number)), "sort": sort, "locale": "*", **piece.params(self.bounds)}
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

    def _report(self, counts: SliceCounts, ids: set[str], into: set[str] | None, how: str) -> None:
        """Put a slice into the manifest, or its ids to those of the whole that it is a part of."""
        if into is None:
            self._landing.record_slice(counts)
            self.windows += 1
            self.said += counts.reported
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
    """Run jobs side by side; the first failure stops the others, and is raised as it is."""
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
    return f"{number} events that the source reports could not be had, also at a second look{unreadable}"


def _total(total: int) -> str:
    return f"{total:,}{' or more' if total == TOTAL_CAP else ''}"
