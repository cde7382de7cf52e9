"""What a source hands over and what it may look up: the only types that sources share with the lake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RawObject:
    """One landed response (or file, or chunk), as the manifest lists it.

    Attributes:
        name: path below the run's raw prefix, such as `events/US/20261120T000000Z-20261121T000000Z/p0000.json.gz`;
            its first segment is the entity.
        sha256: of the bytes as the source gave them (not of the gzip), in hex.
        size: bytes as the source gave them.
        records: records in it, or None when the body could not be parsed.
        request: what was asked, without secrets.
    """

    name: str
    sha256: str
    size: int
    records: int | None
    request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        """The entity whose records the object holds."""
        return self.name.split("/", 1)[0]

    @property
    def file(self) -> str | None:
        """URI of the file that the object is (a part of); None when it is the answer to a request."""
        return self.request.get("file")


@dataclass(frozen=True, slots=True)
class Window:
    """What the source said it has for one slice of the whole, beside what was landed of it.

    Attributes:
        entity: `events`, `venues`, …
        name: human-readable identity of the slice (country, bounds, filters).
        said: records that the source reported for the slice.
        got: distinct records that were landed for it.
        note: why the two differ, or None.
        is_unknown: whether more is short than `said` can tell: the source would not say, or contradicts itself.
    """

    entity: str
    name: str
    said: int
    got: int
    note: str | None = None
    is_unknown: bool = False

    @property
    def residual(self) -> int | None:
        """Records that the source reported and that could not be had (never negative); None when nobody knows."""
        return None if self.is_unknown else max(self.said - self.got, 0)


class Landing(Protocol):
    """Where a source puts bytes, and finds what an interrupted run has landed already."""

    def read(self, name: str) -> bytes | None:
        """The bytes landed earlier in this run under a name, or None."""

    def land(self, name: str, body: bytes, *, records: int | None, request: Mapping[str, Any]) -> None:
        """Keep the bytes of one response exactly as they came, before anything is made of them."""

    def keep_only(self, entity: str, names: Collection[str]) -> None:
        """Leave what else was landed of an entity by an interrupted attempt out of the run."""

    def window(self, window: Window) -> None:
        """Put a slice's "said / got" into the run's manifest."""


class Counter(Protocol):
    """A count that outlives the process, such as the requests made on one day."""

    def load(self) -> int:
        """The count so far."""

    def save(self, value: int) -> None:
        """Remember the count."""
