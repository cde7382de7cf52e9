"""Counting different ids without keeping them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable


class IdTally:
    """How many different ids were seen, at eight bytes an id.

    Ids are kept as 64-bit digests: among a million of them, two fall together once in some forty million crawls.
    """

    def __init__(self) -> None:
        self._digests = array("Q")

    def add(self, ids: Iterable[str]) -> None:
        """Count ids in, again or for the first time."""
        for identity in ids:
            digest = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            self._digests.append(int.from_bytes(digest, "big"))

    def distinct(self) -> int:
        """Different ids counted in."""
        return len(set(self._digests))
