"""Plans what to ask: slices of the whole that are small enough to be read completely, and how to cut larger ones.

A slice is a *closed* interval of whole seconds. Neighbours share their edge, so that nothing falls between them; edges
lie half a minute past a minute, where events do not start, so that sharing them costs nothing. Only where there is no
such room, next to a crowd, does a slice begin at the second after the one that its neighbour ends with.

Whether the API's `startDateTime` and `endDateTime` include their own second is documented nowhere. `Bounds` holds what
the crawl found out: inclusive bounds are sent as they are; any other kind is widened by a second on each side, which
loses nothing whatever the kind. The observation window [start, end) is therefore the closed slice [start, end - 1 s].
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

# The API serves 200 records a page and refuses pages that begin at the 1,000th record or later (page * size < 1000 in
# the strict reading). The last page that it serves is the sixth of ours, see `page_size`.
PAGE_SIZE = 200
DEEPEST_PAGE = 5
READABLE = (DEEPEST_PAGE + 1) * (PAGE_SIZE - DEEPEST_PAGE)
# Some are left for events that are added between the first page and the last.
MOST_PER_WINDOW = 1100
# Keeps the URL well under 2,000 characters (ids have up to 34), and the answer on one page.
IDS_PER_CALL = 40
# A total of exactly 10,000 means "10,000 or more".
TOTAL_CAP = 10_000

# What the parts of a cut should hold: as much as possible (pages are better filled), but rarely over the limit again.
_WANTED_PER_PART = 850
# More parts than this and a page's 200 starts are too thin a sample to place the edges by.
_MOST_PARTS = 16
# Little is known of a total that is capped: such a slice is first cut into a few parts that, with luck, have a total.
_PARTS_OF_THE_UNKNOWN = 4
_MINUTE = 60


def page_size(number: int) -> int:
    """Records to ask for on a page: one less from page to page, so that each begins with the end of the one before.

    The shared record proves that no record slipped through between two pages while records came and went.

    >>> page_size(0), page_size(5)
    (200, 195)
    """
    return PAGE_SIZE - number


def pages_for(total: int) -> int:
    """Pages that hold so many records, as far as the API serves them.

    >>> pages_for(0), pages_for(200), pages_for(201), pages_for(100_000)
    (0, 1, 2, 6)
    """
    return next((n for n in range(DEEPEST_PAGE + 1) if n * page_size(n - 1) >= total), DEEPEST_PAGE + 1)


class Bounds(Enum):
    """What the API's time bounds mean: seconds to add on each side so that a closed slice is covered."""

    INCLUSIVE = 0
    UNKNOWN = 1


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a country's events.

    Attributes:
        country: ISO-3166 alpha-2.
        start: first second, UTC; None for events without a date.
        end: last second (inclusive), UTC.
        filters: further query parameters, in the order in which they were added.
        ids: the events, where they are asked for one by one.
    """

    country: str
    start: datetime | None = None
    end: datetime | None = None
    filters: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Identity in characters that a path may hold."""
        filters = [f"{key}-{value}" for key, value in self.filters]
        ids = [f"ids-{hashlib.sha256(','.join(self.ids).encode()).hexdigest()[:16]}"] if self.ids else []
        return ".".join([self.country, *self._period("%Y%m%dT%H%M%SZ", "-"), *filters, *ids])

    @property
    def label(self) -> str:
        """Identity for people."""
        filters = [f"{key}={value}" for key, value in self.filters]
        ids = [f"{len(self.ids)} no longer listed, from {self.ids[0]}"] if self.ids else []
        return " ".join([self.country, *self._period("%Y-%m-%dT%H:%M:%SZ", ".."), *filters, *ids])

    def params(self, bounds: Bounds = Bounds.INCLUSIVE) -> dict[str, str]:
        """The slice as query parameters."""
        params = {"countryCode": self.country, **dict(self.filters)}
        if self.start and self.end:
            wider = timedelta(seconds=bounds.value)
            params["startDateTime"] = f"{self.start - wider:%Y-%m-%dT%H:%M:%SZ}"
            params["endDateTime"] = f"{self.end + wider:%Y-%m-%dT%H:%M:%SZ}"
        if self.ids:
            params |= {"id": ",".join(self.ids), "includeTBA": "yes", "includeTBD": "yes"}
        return params

    def by(self, dimension: str, values: Iterable[str]) -> list[Slice]:
        """The slice cut along a filter. What matches none of the values, or several, is the caller's to reconcile."""
        return [replace(self, filters=(*self.filters, (dimension, value))) for value in values]

    def at(self, instant: int, identity: str) -> Slice:
        """The slice's one event with an id, at one second since 1970."""
        moment = _utc(instant)
        return replace(self, start=moment, end=moment, filters=(*self.filters, ("id", identity)))

    def in_time(self, total: int, starts: Sequence[int]) -> list[Slice]:
        """The slice cut into shorter ones that cover all its seconds, or nothing when it is a single second.

        Args:
            total: events that the API says it holds.
            starts: some of their starts, in seconds since 1970: a sample that tells where the crowds are.
        """
        if self.start is None or self.end is None:
            return []
        low, high = int(self.start.timestamp()), int(self.end.timestamp())
        if low == high:
            return []
        sample = sorted(start for start in starts if low <= start <= high)
        wanted = min(max(-(-total // _WANTED_PER_PART), 2), _MOST_PARTS)
        wanted = _PARTS_OF_THE_UNKNOWN if total >= TOTAL_CAP else wanted
        if sample and sample[0] == sample[-1]:
            cuts = _around(sample[0], low, high)
        elif _is_representative(sample, total, high - low):
            cuts = _between_crowds(sample, wanted)
        else:
            cuts = _evenly(low, high, wanted)
        return [replace(self, start=_utc(a), end=_utc(b)) for a, b in _parts(low, high, cuts)]

    def _period(self, pattern: str, separator: str) -> list[str]:
        if self.start is None or self.end is None:
            return []
        return [f"{self.start.strftime(pattern)}{separator}{self.end.strftime(pattern)}"]


def observation(country: str, start: datetime, end: datetime) -> Slice:
    """The slice of all dated events of a country that start in [start, end), both UTC with whole seconds.

    >>> observation("US", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)).label
    'US 2026-11-20T00:00:00Z..2026-12-19T23:59:59Z'

    Raises:
        ValueError: the bounds have no time zone, are not whole seconds, or hold nothing.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("the observation window needs time zone aware bounds")
    if start.microsecond or end.microsecond or end <= start:
        raise ValueError(f"the observation window [{start}, {end}) is not a span of whole seconds")
    return Slice(country, start.astimezone(UTC), end.astimezone(UTC) - timedelta(seconds=1))


def undated(country: str) -> list[Slice]:
    """The slices of a country's events whose date is to be announced, or to be determined: no date window has them.

    Each admits the other kind: an event that is both would be in neither otherwise, the API combines them with AND.
    """
    return [
        Slice(country, filters=(("includeTBA", "only"), ("includeTBD", "yes"))),
        Slice(country, filters=(("includeTBD", "only"), ("includeTBA", "yes"))),
    ]


def by_id(country: str, ids: Sequence[str]) -> list[Slice]:
    """The slices of a country's events with these ids, whenever they start, dated or not."""
    return [Slice(country, ids=tuple(ids[at : at + IDS_PER_CALL])) for at in range(0, len(ids), IDS_PER_CALL)]


# A cut is a pair: the last second of what lies before, and the first second of what lies after.
_Cut = tuple[int, int]


def _parts(low: int, high: int, cuts: Sequence[_Cut]) -> list[tuple[int, int]]:
    firsts = [low, *(after for _, after in cuts)]
    lasts = [*(before for before, _ in cuts), high]
    return list(zip(firsts, lasts, strict=True))


def _cut(before: int, after: int) -> _Cut:
    """The cut between two seconds: a shared edge in the middle, at half a minute past where there is room for that."""
    if after - before == 1:
        return before, after
    middle = (before + after) // 2
    if after - before > 2 * _MINUTE:
        middle = middle // 60 * 60 + 30
    return middle, middle


def _around(instant: int, low: int, high: int) -> list[_Cut]:
    """Cuts that set the crowd at one second apart, and halve the longer rest: the sample tells nothing of that."""
    cuts = [(before, before + 1) for before in (instant - 1, instant) if low <= before < high]
    rests = [(low, instant - 1), (instant + 1, high)]
    first, last = max(rests, key=lambda rest: rest[1] - rest[0])
    return sorted([*cuts, _cut(first, last)] if last - first > 2 * _MINUTE else cuts)


def _is_representative(sample: Sequence[int], total: int, width: int) -> bool:
    """Whether a sample may stand for the whole slice.

    It is the page with the lowest ids. Where ids grow with time, that is the slice's beginning and nothing else: such a
    sample spans no more of the slice than its share of the events (taken three times, as they are not spread evenly).
    """
    if not sample:
        return False
    share = len(sample) / total if total else 1.0
    return sample[-1] - sample[0] >= width * min(max(3 * share, 0.1), 0.6)


def _evenly(low: int, high: int, wanted: int) -> list[_Cut]:
    """Cuts into parts of equal length: shared edges where there is room, else between one second and the next."""
    edges = sorted({low + (high - low) * part // wanted for part in range(1, wanted)} - {low, high})
    if (high - low) // wanted > 2 * _MINUTE:
        return [(edge // 60 * 60 + 30,) * 2 for edge in edges]
    return [(edge, edge + 1) for edge in edges] or [(low, low + 1)]


def _between_crowds(sample: Sequence[int], wanted: int) -> list[_Cut]:
    """Cuts at the sample's quantiles, each moved to the nearest place where two different starts are neighbours."""
    borders = [rank for rank in range(1, len(sample)) if sample[rank - 1] != sample[rank]]
    chosen = {_nearest(borders, len(sample) * part / wanted) for part in range(1, wanted)}
    return [_cut(sample[rank - 1], sample[rank]) for rank in sorted(chosen)]


def _nearest(ranks: Sequence[int], ideal: float) -> int:
    at = bisect_left(ranks, ideal)
    return min(ranks[max(at - 1, 0) : at + 1], key=lambda rank: abs(rank - ideal))


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
