"""Counting different ids without keeping them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable


class IdTally:
    """How many different ids were seen, at eight bytes an id.

    >>> tally = IdTally()
    >>> tally.add(["G5v", "Z7r", "G5v"])
    >>> tally.distinct(), tally.lacking(["Z7r", "vvG"])
    (2, ['vvG'])

    Ids are kept as 64-bit digests: among a million of them, two fall together once in some forty million crawls.
    """

    def __init__(self) -> None:
        self._digests = array("Q")

    def add(self, ids: Iterable[str]) -> None:
        """Count ids in, again or for the first time."""
        self._digests.extend(map(_digest, ids))

    def lacking(self, ids: Iterable[str]) -> list[str]:
        """Those of some ids that were not counted in, each once, in order."""
        counted = set(self._digests)
        return sorted(identity for identity in set(ids) if _digest(identity) not in counted)

    def distinct(self) -> int:
        """Different ids counted in."""
        return len(set(self._digests))


def _digest(identity: str) -> int:
    return int.from_bytes(hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
