"""Counts that outlive a process, such as the requests made with an API key on one day."""

from __future__ import annotations

from dataclasses import dataclass

from aws_services.errors import NoSuchBucket, NotFound
from lake import layout
from lake.store import CorruptObject, Lake


@dataclass(frozen=True, slots=True)
class LakeCounter:
    """A count kept in the lake; implements `sources.landing.Counter`. Only one run at a time may write it.

    Attributes:
        lake: where it is kept.
        source: the source that counts.
        name: what is counted, such as `requests-2026-11-20`.
    """

    lake: Lake
    source: str
    name: str

    def load(self) -> int:
        """The count so far; 0 when nothing was counted yet. Raises CorruptObject when it is unreadable."""
        key = layout.counter_key(self.source, self.name)
        try:
            value = self.lake.read_json(key).get("value")
        except NoSuchBucket:
            raise
        except NotFound:
            return 0
        if not isinstance(value, int):
            raise CorruptObject(f"{self.lake.uri(key)} holds no number: delete it to count from 0")
        return value

    def save(self, value: int) -> None:
        """Remember the count."""
        self.lake.write_json(layout.counter_key(self.source, self.name), {"value": value})
