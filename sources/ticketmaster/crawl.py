"""Collects every event of an observation window, and can prove it: each slice's "said" beside its "got".

One thread plans (an event loop), a few threads wait for the API and the landing. A plan is a function of what the pages
say, and landed pages are read instead of fetched: an interrupted crawl therefore walks the same plan again and goes on
where it stopped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sources.landing import Landing
from sources.ticketmaster.client import DiscoveryClient
from sources.ticketmaster.errors import DiscoveryError, QuotaExceeded
from sources.ticketmaster.event_walk import EventWalk
from sources.ticketmaster.lookups import Lookups
from sources.ticketmaster.pages import PageReader
from sources.ticketmaster.windows import Slice, by_id, observation, undated

log = logging.getLogger(__name__)

_MOST_UNLISTED = 2_000
"""Events that are asked for by id because no search shows them any more: fifty requests, a hundredth of a day's."""

ENTITIES = ("events", "venues", "attractions", "classifications")


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a crawl did.

    Attributes:
        requests: sent to the API by this crawl (what was landed earlier cost none).
        pages: read, landed earlier or now.
        windows: slices of events that were reconciled.
        events_said: events that the API reported for all of them; an event on the edge of two counts twice.
        events_distinct: different events that were landed.
        residual: events that the API reported and that could not be had.
        unproven: slices of which nobody can tell whether they hold more events than were had.
        looked_up: venues and attractions that were fetched by id, by entity.
        missing: ids of venues and attractions that events refer to and that could not be had, by entity.
        unreadable: names of answers that were landed although they could not be read.
        quota_left: requests that may still be made today.
    """

    requests: int
    pages: int
    windows: int
    events_said: int
    events_distinct: int
    residual: int
    unproven: list[str] = field(default_factory=list)
    looked_up: dict[str, int] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    quota_left: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON-ready values."""
        return asdict(self)


def crawl(
    client: DiscoveryClient,
    landing: Landing,
    *,
    countries: Sequence[str],
    start: datetime,
    end: datetime,
    expected: Mapping[str | None, Collection[str]] | None = None,
    concurrency: int = 8,
) -> CrawlResult:
    """Land every event of some countries, with the venues, attractions and classifications that they refer to.

    Dated events are those that start in [start, end); events whose date is to be announced or determined are collected
    whatever the window. Nothing that the API sends is dropped. `landing` is used from `concurrency` threads.

    Args:
        client: asks the API.
        landing: keeps every answer, and knows what an interrupted crawl of the same run has landed.
        countries: ISO-3166 alpha-2 codes.
        start: first instant of the observation window, UTC, whole seconds.
        end: first instant after it, UTC, whole seconds.
        expected: ids of events that should be found, by country; under None where that is unknown. What is not found
            is asked for by id, as far as the day's requests go: an event may have moved beyond the window, or be
            cancelled without being listed.
        concurrency: requests under way at a time; they share the client's rate limit.

    Returns:
        What was done.

    Raises:
        ValueError: no country, or a window that is not a span of whole seconds.
        QuotaExceeded: the day's requests are used up before all events are landed; the next run resumes.
        DiscoveryError: the API cannot be used; what was landed stays, and the next run resumes.
    """
    if not countries:
        raise ValueError("no country to collect: name at least one, such as US")
    dated = [observation(country, start, end) for country in countries]
    reader = PageReader(client, landing)
    with ThreadPoolExecutor(max_workers=max(concurrency, 1), thread_name_prefix="discovery") as pool:
        walk, lookups = EventWalk(client, reader, landing, pool, concurrency), Lookups(reader, landing, pool)
        try:
            asyncio.run(_collect(walk, lookups, dated, expected or {}))
        except DiscoveryError as error:
            error.kept = f"Kept: {reader.pages:,} pages, {walk.windows:,} slices complete."
            raise
        finally:
            client.save_quota()
    return _result(client, reader, walk, lookups)


async def _collect(
    walk: EventWalk, lookups: Lookups, dated: Sequence[Slice], expected: Mapping[str | None, Collection[str]]
) -> None:
    """Collect slices of dated events, the undated ones of their countries, those that are in neither any more, and what
    all of them refer to.
    """
    walk.atlas.add_classifications(await lookups.classifications())
    await walk.learn_bounds(dated)
    await walk.collect_all(dated)
    # Afterwards, as an event that is postponed meanwhile goes from there to here.
    await walk.collect_all(piece for whole in dated for piece in undated(whole.country))
    await _collect_unlisted(walk, [whole.country for whole in dated], expected)
    for entity in ("venues", "attractions"):
        await lookups.by_id(entity, walk.unembedded(entity))


async def _collect_unlisted(
    walk: EventWalk, countries: Sequence[str], expected: Mapping[str | None, Collection[str]]
) -> None:
    """Collect expected events that no search showed; one that is not found by its id either is gone."""
    left = _MOST_UNLISTED
    for country in countries:
        missing = walk.tally.lacking([*expected.get(country, ()), *expected.get(None, ())])
        asked = missing[:left]
        left -= len(asked)
        if missing:
            log.info("%s: %d expected events are not listed, %d are asked for by id", country, len(missing), len(asked))
        try:
            await walk.collect_all(by_id(country, asked))
        except QuotaExceeded as error:
            log.warning("%s: not all events that are no longer listed were asked for: %s", country, error)


def _result(client: DiscoveryClient, reader: PageReader, walk: EventWalk, lookups: Lookups) -> CrawlResult:
    result = CrawlResult(
        requests=client.requests_made,
        pages=reader.pages,
        windows=walk.windows,
        events_said=walk.said,
        events_distinct=walk.tally.distinct(),
        residual=walk.residual,
        unproven=sorted(walk.unproven),
        looked_up=lookups.found,
        missing={entity: sorted(ids) for entity, ids in lookups.missing.items()},
        unreadable=sorted(reader.broken),
        quota_left=client.quota_left,
    )
    log.info(
        "Landed %s distinct events of %s said, residual %s%s: %s pages, %s requests, %.1f/s, quota left %s",
        *(f"{number:,}" for number in (result.events_distinct, result.events_said, result.residual)),
        f" and what {', '.join(result.unproven)} may hide" if result.unproven else "",
        *(f"{number:,}" for number in (result.pages, result.requests)),
        client.pace,
        f"{result.quota_left:,}",
    )
    return result
