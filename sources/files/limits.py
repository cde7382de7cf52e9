"""How much a file may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass

_HARMLESS = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file.

    Attributes:
        bytes: of a file as it lies at its location, and of what is unpacked from it.
        ratio: unpacked to packed bytes, looked at from 64 MiB unpacked on; gzip reaches 1,000 with zeros, text 20.
        document_bytes: of a JSON, XML or Parquet document, which is held in memory whole.
        part_bytes: about how large the parts of a file of lines are; never change it for a run that is resumed.
        timeout_s: seconds without a byte after which a location is given up.
        deadline_s: seconds that the download of a file may take.
    """

    bytes: int = 64 * 2**30
    ratio: int = 200
    document_bytes: int = 256 * 2**20
    part_bytes: int = 8 * 2**20
    timeout_s: float = 60
    deadline_s: float = 3600

    def unpacked(self, packed: int) -> int:
        """The most bytes that a file of so many packed bytes may be unpacked to."""
        return min(self.bytes, max(_HARMLESS, self.ratio * packed))
