"""Plans what to ask: slices of the whole that are small enough to be read completely, and how to cut larger ones.

A slice is a *closed* interval of whole seconds, and neighbours share their edge, so that nothing falls between two of
them. Edges lie half a minute past a minute, where events do not start, so that sharing them costs nothing.

Whether the API's `startDateTime` and `endDateTime` include their own second is documented nowhere. `Bounds` holds what
the crawl found out: inclusive bounds are sent as they are; any other kind is widened by a second on each side, which
loses nothing whatever the kind. The observation window [start, end) is therefore the closed slice [start, end - 1 s].
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

# The API serves 200 records a page and refuses pages from the 1,000th record on (page * size < 1000 in the strict
# reading), so 1,000 can be read. A tenth is left for events that are added between the first page and the last.
PAGE_SIZE = 200
DEEPEST_PAGE = 4
MOST_PER_WINDOW = 900
# A total of exactly 10,000 means "10,000 or more".
TOTAL_CAP = 10_000

# What the parts of a cut should hold: as much as possible (pages are better filled), but rarely over the limit again.
_WANTED_PER_PART = 680
# More parts than this and a page's 200 starts are too thin a sample to place the edges by.
_MOST_PARTS = 16
# A slice of this many seconds around one instant is as good as the instant itself: nothing else starts in it.
_PILE = 60


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
    """

    country: str
    start: datetime | None = None
    end: datetime | None = None
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Identity in characters that a path may hold."""
        filters = [f"{key}-{value}" for key, value in self.filters]
        return ".".join([self.country, *self._period("%Y%m%dT%H%M%SZ", "-"), *filters])

    @property
    def label(self) -> str:
        """Identity for people."""
        filters = [f"{key}={value}" for key, value in self.filters]
        return " ".join([self.country, *self._period("%Y-%m-%dT%H:%M:%SZ", ".."), *filters])

    def params(self, bounds: Bounds = Bounds.INCLUSIVE) -> dict[str, str]:
        """The slice as query parameters."""
        params = {"countryCode": self.country, **dict(self.filters)}
        if self.start and self.end:
            wider = timedelta(seconds=bounds.value)
            params["startDateTime"] = f"{self.start - wider:%Y-%m-%dT%H:%M:%SZ}"
            params["endDateTime"] = f"{self.end + wider:%Y-%m-%dT%H:%M:%SZ}"
        return params

    def by(self, dimension: str, values: Iterable[str]) -> list[Slice]:
        """The slice cut along a filter. What matches none of the values, or several, is the caller's to reconcile."""
        return [replace(self, filters=(*self.filters, (dimension, value))) for value in values]

    def at(self, instant: int, identity: str) -> Slice:
        """The slice's one event with an id, at one second since 1970."""
        moment = _utc(instant)
        return replace(self, start=moment, end=moment, filters=(*self.filters, ("id", identity)))

    def in_time(self, total: int, starts: Sequence[int]) -> list[Slice]:
        """The slice cut into shorter ones that cover it, or nothing when time cannot cut it.

        Args:
            total: events that the API says it holds.
            starts: some of their starts, in seconds since 1970: a sample that tells where the crowds are.
        """
        if self.start is None or self.end is None:
            return []
        low, high = int(self.start.timestamp()), int(self.end.timestamp())
        sample = sorted(start for start in starts if low <= start <= high)
        if not sample:
            cuts = [_cut(low, high)] if high > low else []
        elif sample[0] == sample[-1]:
            cuts = _around(sample[0], low, high)
        else:
            cuts = _between_crowds(sample, -(-total // _WANTED_PER_PART))
        return [replace(self, start=_utc(a), end=_utc(b)) for a, b in _parts(low, high, cuts)] if cuts else []

    def _period(self, pattern: str, separator: str) -> list[str]:
        if self.start is None or self.end is None:
            return []
        return [f"{self.start.strftime(pattern)}{separator}{self.end.strftime(pattern)}"]


def observation(country: str, start: datetime, end: datetime) -> Slice:
    """The slice of all dated events of a country that start in [start, end), both UTC with whole seconds.

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
    if after - before > 2 * _PILE:
        middle = middle // 60 * 60 + 30
    return middle, middle


def _around(instant: int, low: int, high: int) -> list[_Cut]:
    """Cuts that set a crowd at one instant apart from the rest of a slice; none when there is no rest."""
    if high - low <= _PILE:
        return []
    edges = (instant - _PILE // 2, instant + _PILE // 2)
    return [(edge, edge) for edge in edges if low < edge < high]


def _between_crowds(sample: Sequence[int], wanted: int) -> list[_Cut]:
    """Cuts at the sample's quantiles, each moved to the nearest place where two different starts are neighbours."""
    borders = [rank for rank in range(1, len(sample)) if sample[rank - 1] != sample[rank]]
    parts = min(max(wanted, 2), _MOST_PARTS)
    chosen = {_nearest(borders, len(sample) * part / parts) for part in range(1, parts)}
    return [_cut(sample[rank - 1], sample[rank]) for rank in sorted(chosen)]


def _nearest(ranks: Sequence[int], ideal: float) -> int:
    at = bisect_left(ranks, ideal)
    return min(ranks[max(at - 1, 0) : at + 1], key=lambda rank: abs(rank - ideal))


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
