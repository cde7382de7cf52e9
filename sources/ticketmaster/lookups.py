"""Fetches what events refer to: all classifications; venues and attractions that aren't embedded, by id."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Collection
from concurrent.futures import Executor
from typing import Any

from schemas.slices import SliceCounts
from sources.landing import Landing
from sources.ticketmaster.documents import read_elements
from sources.ticketmaster.errors import MalformedBody, QuotaExceeded
from sources.ticketmaster.pages import PageReader
from sources.ticketmaster.windows import DEEPEST_PAGE, IDS_PER_CALL, PAGE_SIZE

log = logging.getLogger(__name__)

# A note names so many ids; the crawl's result has the rest.
_NAMED = 20


class Lookups:
    """Fetches records that a search for events doesn't return.

    Args:
        reader: reads pages.
        landing: takes the counts of slices, and returns the landed classifications.
        pool: threads for the reader, which may wait.
    """

    def __init__(self, reader: PageReader, landing: Landing, pool: Executor) -> None:
        self._reader = reader
        self._landing = landing
        self._pool = pool
        self.looked_up: dict[str, int] = {}
        self.missing: dict[str, list[str]] = {}

    async def classifications(self) -> list[dict[str, Any]]:
        """All classifications, landed.

        Raises:
            MalformedBody: a page cannot be read. Without classifications, crowded instants could not be cut.
            DiscoveryError: as `PageReader.read`.
        """
        elements: list[dict[str, Any]] = []
        ids = 0
        number = 0
        total = 0
        while number == 0 or (number * PAGE_SIZE < total and number < DEEPEST_PAGE):
            params = {"size": str(PAGE_SIZE), "sort": "name,asc"}
            page = await self._read("classifications", "all", number, params)
            if page is None:
                raise MalformedBody("The Discovery API answered with unreadable classifications.", "classifications")
            total = page.total
            ids += len(page.ids)
            body = self._landing.read(f"classifications/all.p{number:04d}.json.gz") or b"{}"
            elements += read_elements("classifications", body)
            number += 1
        note = None if ids >= total else "the pages have fewer than their total"
        self._landing.record_slice(SliceCounts("classifications", "all", total, ids, note))
        return elements

    async def by_id(self, entity: str, ids: Collection[str]) -> None:
        """Look up venues or attractions by id, as far as the quota goes; missing ones are listed."""
        ordered = sorted(ids)
        batches = [ordered[at : at + IDS_PER_CALL] for at in range(0, len(ordered), IDS_PER_CALL)]
        answers = await asyncio.gather(*(self._batch(entity, batch) for batch in batches))
        self.looked_up[entity] = sum(answers)
        if ordered:
            missing = self.missing.get(entity, [])
            log.info("%s: fetched %d of %d referenced ones by id", entity, len(ordered) - len(missing), len(ordered))

    async def _batch(self, entity: str, batch: list[str]) -> int:
        stem = f"ids-{hashlib.sha256(','.join(batch).encode()).hexdigest()[:16]}"
        params = {"id": ",".join(batch), "size": str(PAGE_SIZE), "locale": "*", "includeTest": "yes"}
        reason = "the source does not return them"
        try:
            page = await self._read(entity, stem, 0, params)
            reason = reason if page else "the response could not be read; it is landed as received"
        except QuotaExceeded:
            page = None
            reason = "not requested: the daily quota is used up"
        missing = [identity for identity in batch if page is None or identity not in page.ids]
        self.missing.setdefault(entity, []).extend(missing)
        note = f"{reason}: {_named(missing)}" if missing else None
        fetched = len(batch) - len(missing)
        name = f"{len(batch)} referenced by events, {stem}"
        self._landing.record_slice(SliceCounts(entity, name, len(batch), fetched, note))
        return fetched

    async def _read(self, entity: str, stem: str, number: int, params: dict[str, str]) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._reader.read, entity, stem, number, params)


def _named(ids: list[str]) -> str:
    rest = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + rest
