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
