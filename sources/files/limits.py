"""Limits on the resources that files may use, and how long they must have been unchanged."""

from __future__ import annotations

from dataclasses import dataclass

_HARMLESS = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for the files of one entity. If one is exceeded, nothing of the entity is loaded.

    Every limit must be above 0, except `settle_s`.

    Attributes:
        files: how many files an entity may have; 1,000.
        total_bytes: of all files of an entity together, as stored at their location. They are copied to the local disk
            (that of TMPDIR) before anything is landed; 64 GiB.
        bytes: of one file as stored at its location, and also after unpacking; 64 GiB.
        ratio: unpacked to packed bytes, of archives and of responses with a Content-Encoding, checked from 64 MiB of
            unpacked data on; 200: gzip reaches 1,000 with zeros, 20 with text.
        members: how many files a zip may contain; 1,000.
        document_bytes: of a JSON, XML or Parquet document, which is kept in memory whole; 256 MiB.
        part_bytes: the approximate size of the parts of a file of lines; 8 MiB. Never change it for a resumed run.
        timeout_s: seconds without a byte before giving up on a web location; 60.
        deadline_s: seconds that the download of one file may take; 3,600.
        settle_s: seconds that a file must have been unchanged before it is read; 30. Until then, it may still be being
            written. With 0, it may have changed just now. Objects of a bucket appear whole and need no time.
    """

    files: int = 1_000
    total_bytes: int = 64 * 2**30
    bytes: int = 64 * 2**30
    ratio: int = 200
    members: int = 1_000
    document_bytes: int = 256 * 2**20
    part_bytes: int = 8 * 2**20
    timeout_s: float = 60
    deadline_s: float = 3600
    settle_s: float = 30

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not (value >= 0 if name == "settle_s" else value > 0):
                raise ValueError(f"the limit {name} is {value}, and must be above 0")

    def unpacked(self, packed: int) -> int:
        """The most bytes that a file of so many packed bytes may unpack to.

        >>> Limits().unpacked(1_000)
        67108864
        >>> Limits().unpacked(1_000_000)
        200000000
        """
        return min(self.bytes, max(_HARMLESS, self.ratio * packed))
