"""Collects every event of an observation window, and proves it: reported vs. fetched, for each slice.

One thread plans (an event loop), and a few threads wait for the API and the landing. The plan depends only on the
pages, and landed pages are read instead of fetched: so an interrupted crawl follows the same plan again and continues
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
"""Events that are requested by id because no search shows them any more: fifty requests, a hundredth of a day's."""

ENTITIES = ("events", "venues", "attractions", "classifications")


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """The result of a crawl.

    Attributes:
        requests: number sent to the API by this crawl (pages landed earlier cost none).
        pages: number read, whether landed earlier or now.
        windows: number of slices of events that were reconciled.
        events_said: events that the API reported for all slices; an event on the edge of two counts twice.
        events_distinct: distinct events landed.
        residual: events that the API reported and that could not be fetched.
        unproven: slices that may have more events than were fetched.
        looked_up: number of venues and attractions fetched by id, by entity.
        missing: ids of venues and attractions that events refer to and that could not be fetched, by entity.
        unreadable: names of responses that were landed although they could not be read.
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

    Dated events are those that start in [start, end). Events whose date is to be announced or determined are collected
    whatever the window. The crawl keeps every response. `concurrency` threads use `landing`.

    Args:
        client: calls the API.
        landing: keeps every response, and has those that an interrupted crawl of the same run landed.
        countries: ISO-3166 alpha-2 codes.
        start: first instant of the observation window, UTC, whole seconds.
        end: first instant after it, UTC, whole seconds.
        expected: ids of events that the searches should show, by country; under None if the country is unknown. The
            crawl requests missing ones by id, as far as the quota goes: an event may have moved beyond the window, or
            been cancelled and no longer be listed.
        concurrency: requests in progress at a time; they share the client's rate limit.

    Returns:
        The result.

    Raises:
        ValueError: there is no country, or the window isn't a span of whole seconds.
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
    """Collect slices of dated events, their countries' undated events, expected events that are in neither, and the
    venues, attractions and classifications that all of them refer to.
    """
    walk.atlas.add_classifications(await lookups.classifications())
    await walk.learn_bounds(dated)
    await walk.collect_all(dated)
    # Afterwards, because an event that is postponed meanwhile moves from dated to undated.
    await walk.collect_all(slice_ for whole in dated for slice_ in undated(whole.country))
    await _collect_unlisted(walk, [whole.country for whole in dated], expected)
    for entity in ("venues", "attractions"):
        await lookups.by_id(entity, walk.unembedded(entity))


async def _collect_unlisted(
    walk: EventWalk, countries: Sequence[str], expected: Mapping[str | None, Collection[str]]
) -> None:
    """Collect expected events that no search showed; an event that isn't found by its id either is gone."""
    left = _MOST_UNLISTED
    for country in countries:
        missing = walk.tally.lacking([*expected.get(country, ()), *expected.get(None, ())])
        batch = missing[:left]
        left -= len(batch)
        if missing:
            log.info("%s: %d expected events are not listed, requesting %d by id", country, len(missing), len(batch))
        try:
            await walk.collect_all(by_id(country, batch))
        except QuotaExceeded as error:
            log.warning("%s: not all events that are no longer listed were requested: %s", country, error)


def _result(client: DiscoveryClient, reader: PageReader, walk: EventWalk, lookups: Lookups) -> CrawlResult:
    result = CrawlResult(
        requests=client.requests_made,
        pages=reader.pages,
        windows=walk.windows,
        events_said=walk.reported,
        events_distinct=walk.tally.distinct(),
        residual=walk.residual,
        unproven=sorted(walk.unproven),
        looked_up=lookups.looked_up,
        missing={entity: sorted(ids) for entity, ids in lookups.missing.items()},
        unreadable=sorted(reader.broken),
        quota_left=client.quota_left,
    )
    log.info(
        "Landed %s distinct events of %s reported, residual %s%s: %s pages, %s requests, %.1f/s, quota left %s",
        *(f"{number:,}" for number in (result.events_distinct, result.events_said, result.residual)),
        f" and an unknown number in {', '.join(result.unproven)}" if result.unproven else "",
        *(f"{number:,}" for number in (result.pages, result.requests)),
        client.pace,
        f"{result.quota_left:,}",
    )
    return result
