"""How much files may ask of the machine, and how long they must have been left alone."""

from __future__ import annotations

from dataclasses import dataclass

_HARMLESS = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the files of one entity; what passes one is refused, and nothing of the entity is loaded.

    A limit of 0 is a mistake, but for `settle_s`.

    Attributes:
        files: how many files an entity may have; 1,000.
        total_bytes: of all files of an entity together as they lie at their location, which are copied to the local
            disk (that of TMPDIR) before anything is landed; 64 GiB.
        bytes: of one file as it lies at its location, and of what is unpacked from it; 64 GiB.
        ratio: unpacked to packed bytes, looked at from 64 MiB unpacked on, of archives and of what a server packs for
            the way; 200: gzip reaches 1,000 with zeros, text 20.
        members: how many files a zip may hold; 1,000.
        document_bytes: of a JSON, XML or Parquet document, which is held in memory whole; 256 MiB.
        part_bytes: about how large the parts of a file of lines are; 8 MiB. Never change it for a run that is resumed.
        timeout_s: seconds without a byte after which a location of the web is given up; 60.
        deadline_s: seconds that the download of one file may take; 3,600.
        settle_s: seconds that a file must not have changed for when it is read; 30. Before that it may still be being
            written. 0: it may have changed just now. Objects of a bucket appear whole, and need no time.
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
                raise ValueError(f"the limit {name} is {value}, and must be more than nothing")

    def unpacked(self, packed: int) -> int:
        """The most bytes that a file of so many packed bytes may unpack to.

        >>> Limits().unpacked(1_000)
        67108864
        >>> Limits().unpacked(1_000_000)
        200000000
        """
        return min(self.bytes, max(_HARMLESS, self.ratio * packed))
