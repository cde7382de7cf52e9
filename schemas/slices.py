"""The counts of a slice: records that the source reported and that were fetched. Sources and the lake share them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SliceCounts:
    """The counts of one slice: a part of the observation window that is small enough to fetch whole.

    Attributes:
        entity: `events`, `venues`, …
        name: the slice for people (country, bounds, filters).
        reported: records that the source reported for the slice.
        fetched: distinct records that were landed for it.
        note: why the two differ, or None.
        is_unknown: whether more records may be missing: the source doesn't report a count or contradicts itself.
    """

    entity: str
    name: str
    reported: int
    fetched: int
    note: str | None = None
    is_unknown: bool = False

    @property
    def residual(self) -> int | None:
        """Records reported but not fetched (never negative); None if unknown."""
        return None if self.is_unknown else max(self.reported - self.fetched, 0)
