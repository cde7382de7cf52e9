"""The interfaces that a source uses to land bytes and to count. The lake implements both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from schemas.slices import SliceCounts


class Landing(Protocol):
    """Stores a source's bytes, and returns those that an interrupted run has landed already."""

    def read(self, name: str) -> bytes | None:
        """The bytes landed earlier in this run under a name, or None."""

    def land(self, name: str, body: bytes, *, records: int | None, request: Mapping[str, Any]) -> None:
        """Store the bytes of one response exactly as received, before they are processed."""

    def keep_only(self, entity: str, names: Collection[str]) -> None:
        """Use only these names of an entity in the run, without what an interrupted attempt landed."""

    def record_slice(self, counts: SliceCounts) -> None:
        """Add the counts of a slice to the run's manifest."""


class Counter(Protocol):
    """A count that outlives the process, such as the requests made on one day."""

    def load(self) -> int:
        """The count so far."""

    def save(self, value: int) -> None:
        """Store the count."""
