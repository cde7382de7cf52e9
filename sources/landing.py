"""What a source is handed to land bytes and to count; the lake implements both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from schemas.slices import SliceCounts


class Landing(Protocol):
    """Where a source puts bytes, and finds what an interrupted run has landed already."""

    def read(self, name: str) -> bytes | None:
        """The bytes landed earlier in this run under a name, or None."""

    def land(self, name: str, body: bytes, *, records: int | None, request: Mapping[str, Any]) -> None:
        """Keep the bytes of one response exactly as they came, before anything is made of them."""

    def keep_only(self, entity: str, names: Collection[str]) -> None:
        """Leave everything else that an interrupted attempt landed of an entity out of the run."""

    def record_slice(self, counts: SliceCounts) -> None:
        """Put the counts of a slice into the run's manifest."""


class Counter(Protocol):
    """A count that outlives the process, such as the requests made on one day."""

    def load(self) -> int:
        """The count so far."""

    def save(self, value: int) -> None:
        """Remember the count."""
