"""Plans the requests: slices that are small enough to be read whole, and how to cut larger ones.

A slice is a *closed* interval of whole seconds. Neighbours share their edge, so no event falls between them. Edges are
half a minute past a minute, when no events start, so sharing them costs nothing. Only next to a crowd, where there is
no such room, does a slice begin at the second after the end of its neighbour.

It isn't documented whether the API's `startDateTime` and `endDateTime` include their own second. The crawl finds out
and keeps the result as `Bounds`: inclusive bounds are sent as they are; others are widened by a second on each side,
which loses nothing in either case. The observation window [start, end) is therefore the closed slice
[start, end - 1 s].
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
# Leaves room for events that are added between the first page and the last.
MOST_PER_WINDOW = 1100
# Keeps the URL well under 2,000 characters (ids have up to 34), and the response on one page.
IDS_PER_CALL = 40
# A total of exactly 10,000 means "10,000 or more".
TOTAL_CAP = 10_000

# The target size of a cut's parts: large, to fill pages, but rarely over the limit again.
_WANTED_PER_PART = 850
# For more parts than this, a page's 200 starts are too small a sample to place the edges.
_MOST_PARTS = 16
# A capped total is unknown: such a slice is first cut into a few parts, in the hope that they have a total.
_PARTS_OF_THE_UNKNOWN = 4
_MINUTE = 60


def page_size(number: int) -> int:
    """Records to request on a page: one fewer on each page, so that it starts with the last record of the previous.

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
    """The meaning of the API's time bounds: seconds to add on each side to cover a closed slice."""

    INCLUSIVE = 0
    UNKNOWN = 1


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a country's events.

    Attributes:
        country: ISO-3166 alpha-2.
        start: first second, UTC; None for events without a date.
        end: last second (inclusive), UTC.
        filters: further query parameters, in the order of their addition.
        ids: the events, if they are requested one by one.
    """

    country: str
    start: datetime | None = None
    end: datetime | None = None
    filters: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Identity in characters that a path may contain."""
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
        """The slice cut along a filter. The caller must reconcile events that match none of the values, or several."""
        return [replace(self, filters=(*self.filters, (dimension, value))) for value in values]

    def at(self, instant: int, identity: str) -> Slice:
        """The slice's one event with an id, at one second since 1970."""
        moment = _utc(instant)
        return replace(self, start=moment, end=moment, filters=(*self.filters, ("id", identity)))

    def in_time(self, total: int, starts: Sequence[int]) -> list[Slice]:
        """The slice cut into shorter ones that cover all its seconds, or nothing if it is a single second.

        Args:
            total: the number of events that the API reports for it.
            starts: some of their starts, in seconds since 1970: a sample that shows where the crowds are.
        """
        if self.start is None or self.end is None:
            return []
        low, high = int(self.start.timestamp()), int(self.end.timestamp())
        if low == high:
            return []
        sample = sorted(start for start in starts if low <= start <= high)
        count = min(max(-(-total // _WANTED_PER_PART), 2), _MOST_PARTS)
        count = _PARTS_OF_THE_UNKNOWN if total >= TOTAL_CAP else count
        if sample and sample[0] == sample[-1]:
            cuts = _around(sample[0], low, high)
        elif _is_representative(sample, total, high - low):
            cuts = _between_crowds(sample, count)
        else:
            cuts = _evenly(low, high, count)
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
        ValueError: the bounds have no time zone, are not whole seconds, or span nothing.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("the observation window needs time zone aware bounds")
    if start.microsecond or end.microsecond or end <= start:
        raise ValueError(f"the observation window [{start}, {end}) is not a span of whole seconds")
    return Slice(country, start.astimezone(UTC), end.astimezone(UTC) - timedelta(seconds=1))


def undated(country: str) -> list[Slice]:
    """The slices of a country's events whose date is to be announced or to be determined: no date window has them.

    Each also admits the other kind: otherwise, an event that is both would be in neither, as the API combines filters
    with AND.
    """
    return [
        Slice(country, filters=(("includeTBA", "only"), ("includeTBD", "yes"))),
        Slice(country, filters=(("includeTBD", "only"), ("includeTBA", "yes"))),
    ]


def by_id(country: str, ids: Sequence[str]) -> list[Slice]:
    """The slices of a country's events with these ids, whenever they start, dated or not."""
    return [Slice(country, ids=tuple(ids[at : at + IDS_PER_CALL])) for at in range(0, len(ids), IDS_PER_CALL)]


# A cut is a pair: the last second before it, and the first second after it.
_Cut = tuple[int, int]


def _parts(low: int, high: int, cuts: Sequence[_Cut]) -> list[tuple[int, int]]:
    firsts = [low, *(after for _, after in cuts)]
    lasts = [*(before for before, _ in cuts), high]
    return list(zip(firsts, lasts, strict=True))


def _cut(before: int, after: int) -> _Cut:
    """The cut between two seconds: a shared edge in the middle, if possible at half a minute past."""
    if after - before == 1:
        return before, after
    middle = (before + after) // 2
    if after - before > 2 * _MINUTE:
        middle = middle // 60 * 60 + 30
    return middle, middle


def _around(instant: int, low: int, high: int) -> list[_Cut]:
    """Cuts that isolate the crowd at one second, and halve the longer rest, about which the sample shows nothing."""
    cuts = [(before, before + 1) for before in (instant - 1, instant) if low <= before < high]
    rests = [(low, instant - 1), (instant + 1, high)]
    first, last = max(rests, key=lambda rest: rest[1] - rest[0])
    return sorted([*cuts, _cut(first, last)] if last - first > 2 * _MINUTE else cuts)


def _is_representative(sample: Sequence[int], total: int, width: int) -> bool:
    """Whether a sample represents the whole slice.

    The sample is the page with the lowest ids. If ids grow with time, that is only the slice's start: such a sample
    spans no more of the slice than its share of the events (times three, because they are not spread evenly).
    """
    if not sample:
        return False
    share = len(sample) / total if total else 1.0
    return sample[-1] - sample[0] >= width * min(max(3 * share, 0.1), 0.6)


def _evenly(low: int, high: int, count: int) -> list[_Cut]:
    """Cuts into parts of equal length: shared edges where there is room, otherwise between one second and the next."""
    edges = sorted({low + (high - low) * part // count for part in range(1, count)} - {low, high})
    if (high - low) // count > 2 * _MINUTE:
        return [(edge // 60 * 60 + 30,) * 2 for edge in edges]
    return [(edge, edge + 1) for edge in edges] or [(low, low + 1)]


def _between_crowds(sample: Sequence[int], count: int) -> list[_Cut]:
    """Cuts at the sample's quantiles, each moved to the nearest position between two different starts."""
    borders = [rank for rank in range(1, len(sample)) if sample[rank - 1] != sample[rank]]
    chosen = {_nearest(borders, len(sample) * part / count) for part in range(1, count)}
    return [_cut(sample[rank - 1], sample[rank]) for rank in sorted(chosen)]


def _nearest(ranks: Sequence[int], ideal: float) -> int:
    at = bisect_left(ranks, ideal)
    return min(ranks[max(at - 1, 0) : at + 1], key=lambda rank: abs(rank - ideal))


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
