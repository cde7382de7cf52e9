"""One raw object, as the manifest of its run lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RawObject:
    """One landed response, or part of a file.

    Attributes:
        name: path below the run's raw prefix, such as `events/US/20261120T000000Z-20261121T000000Z/p0000.json.gz`;
            its first segment is the entity.
        sha256: hash of the bytes as the source sent them (not of the gzip), in hex.
        size: bytes as the source sent them.
        records: its number of records, or None if it could not be parsed.
        request: the request, without secrets.
    """

    name: str
    sha256: str
    size: int
    records: int | None
    request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        """The entity of the object's records."""
        return self.name.split("/", 1)[0]

    @property
    def file(self) -> str | None:
        """URI of the file that the object is, or is a part of; None for an API's response."""
        return self.request.get("file")
