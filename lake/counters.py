"""Counts that outlive a process, such as the requests with one API key on one day."""

from __future__ import annotations

from dataclasses import dataclass

from aws_services.errors import NoSuchBucket, NotFound
from lake import layout
from lake.store import CorruptObject, Lake


@dataclass(frozen=True, slots=True)
class LakeCounter:
    """A count kept in the lake; implements `sources.landing.Counter`. Only one run at a time may write it.

    Attributes:
        lake: the lake that stores it.
        source: the source that counts.
        name: the name of the count, such as `requests-2026-11-20`.
    """

    lake: Lake
    source: str
    name: str

    def load(self) -> int:
        """The count so far; 0 before the first `save`. Raises CorruptObject if it is unreadable."""
        key = layout.counter_key(self.source, self.name)
        try:
            value = self.lake.read_json(key).get("value")
        except NoSuchBucket:
            raise
        except NotFound:
            return 0
        if not isinstance(value, int):
            raise CorruptObject(f"{self.lake.uri(key)} is not a number: delete it to count from 0")
        return value

    def save(self, value: int) -> None:
        """Store the count."""
        self.lake.write_json(layout.counter_key(self.source, self.name), {"value": value})
