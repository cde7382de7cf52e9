"""Repeatable random values: everything in the simulator is a pure function of a seed and a name."""

from __future__ import annotations

import base64
import hashlib
import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

Item = TypeVar("Item")

Part = int | str


def number(*parts: Part) -> int:
    """A 64-bit number that only depends on `parts` (never on the process, unlike `hash`)."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def chance(*parts: Part) -> random.Random:
    """A separate random generator for one generated object."""
    return random.Random(number(*parts))


def identifier(prefix: str, length: int, *parts: Part) -> str:
    """An id like the API's: `prefix`, then `[A-Za-z0-9_-]` up to `length` characters, case sensitive."""
    text = "\x1f".join(map(str, parts)).encode()
    letters = base64.urlsafe_b64encode(hashlib.blake2b(text, digest_size=27).digest()).decode()
    return (prefix + letters)[:length]


def uuid_text(*parts: Part) -> str:
    """A UUID-shaped text, as in image paths and MusicBrainz ids."""
    digits = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Weighted(Generic[Item]):
    """Picks items with a probability proportional to their weights."""

    def __init__(self, items: Sequence[Item], weights: Iterable[float]) -> None:
        self.items = items
        self._cumulative = list(accumulate(weights))

    def pick(self, dice: random.Random) -> Item:
        """One item."""
        return self.at(dice.random())

    def at(self, position: float) -> Item:
        """The item at a position from 0 to 1 (excluded), if each one takes as much room as it weighs."""
        return self.items[self.index_at(position)]

    def index_at(self, position: float) -> int:
        """The place of that item."""
        return bisect(self._cumulative, position * self._cumulative[-1], 0, len(self.items) - 1)

    def start_of(self, index: int) -> float:
        """The position where an item begins."""
        return self._cumulative[index - 1] / self._cumulative[-1] if index else 0.0
