"""What events refer to: classifications from one call; venues and attractions that did not come embedded, by id."""

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

# Ids that a note names; the rest of them are in the crawl's result.
_NAMED = 20


class Lookups:
    """Fetches what is not found by searching events.

    Args:
        reader: reads pages.
        landing: takes the windows, and gives the classifications back.
        pool: where the reader may wait.
    """

    def __init__(self, reader: PageReader, landing: Landing, pool: Executor) -> None:
        self._reader = reader
        self._landing = landing
        self._pool = pool
        self.found: dict[str, int] = {}
        self.missing: dict[str, list[str]] = {}

    async def classifications(self) -> list[dict[str, Any]]:
        """All classifications, landed.

        Raises:
            MalformedBody: a page cannot be read: without classifications, crowded instants could not be cut.
            DiscoveryError: as `PageReader.read`.
        """
        elements: list[dict[str, Any]] = []
        ids = 0
        number = total = 0
        while number == 0 or (number * PAGE_SIZE < total and number < DEEPEST_PAGE):
            params = {"size": str(PAGE_SIZE), "sort": "name,asc"}
            page = await self._read("classifications", "all", number, params)
            if page is None:
                raise MalformedBody("The Discovery API answered with unreadable classifications.", "classifications")
            total, ids = page.total, ids + len(page.ids)
            body = self._landing.read(f"classifications/all.p{number:04d}.json.gz") or b"{}"
            elements += read_elements("classifications", body)
            number += 1
        note = None if ids >= total else "the pages hold fewer than their total says"
        self._landing.record_slice(SliceCounts("classifications", "all", total, ids, note))
        return elements

    async def by_id(self, entity: str, ids: Collection[str]) -> None:
        """Look up venues or attractions by id, as far as the quota goes; those that cannot be had are named."""
        wanted = sorted(ids)
        batches = [wanted[at : at + IDS_PER_CALL] for at in range(0, len(wanted), IDS_PER_CALL)]
        answers = await asyncio.gather(*(self._batch(entity, batch) for batch in batches))
        self.found[entity] = sum(answers)
        if wanted:
            missing = self.missing.get(entity, [])
            log.info("%s: %d of %d referenced ones found by id", entity, len(wanted) - len(missing), len(wanted))

    async def _batch(self, entity: str, batch: list[str]) -> int:
        stem = f"ids-{hashlib.sha256(','.join(batch).encode()).hexdigest()[:16]}"
        params = {"id": ",".join(batch), "size": str(PAGE_SIZE), "locale": "*", "includeTest": "yes"}
        why = "the source does not return them"
        try:
            page = await self._read(entity, stem, 0, params)
            why = why if page else "the answer could not be read; it is landed as received"
        except QuotaExceeded:
            page, why = None, "not asked for: the daily quota is used up"
        missing = [identity for identity in batch if page is None or identity not in page.ids]
        self.missing.setdefault(entity, []).extend(missing)
        note = f"{why}: {_named(missing)}" if missing else None
        said = len(batch)
        self._landing.record_slice(
            SliceCounts(entity, f"{said} referenced by events, {stem}", said, said - len(missing), note)
        )
        return said - len(missing)

    async def _read(self, entity: str, stem: str, number: int, params: dict[str, str]) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._reader.read, entity, stem, number, params)


def _named(ids: list[str]) -> str:
    rest = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + rest
