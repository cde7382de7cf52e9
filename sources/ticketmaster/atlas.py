"""Filters used to split a slice that time cannot split: the values of segment, state and genre."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sources.ticketmaster.windows import Slice

DIMENSIONS = ("segmentId", "stateCode", "genreId")

# The six segments of the Discovery API (their ids are documented and have not changed since 2016).
_SEGMENTS = tuple(f"KZFzniwnSyZfZ7v7{suffix}" for suffix in ("nJ", "nE", "na", "nn", "n1", "nl"))
# For other countries, the atlas learns the states from the venues on their pages.
_STATES = {
    "US": "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
    "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP",
    "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
}
# Values become part of object names, so only characters of the API's ids are accepted.
_SAFE = re.compile(r"^[A-Za-z0-9_-]{1,40}$")


class Atlas:
    """The known values of each dimension: the documented ones, and those that the API sent."""

    def __init__(self) -> None:
        self._genres: dict[str, set[str]] = {segment: set() for segment in _SEGMENTS}
        self._states: dict[str, set[str]] = {country: set(states.split()) for country, states in _STATES.items()}

    def add_classifications(self, elements: Iterable[dict[str, Any]]) -> None:
        """Learn segments and genres from the classifications' elements; other elements (types) have none."""
        for element in elements:
            segment = element.get("segment")
            if identity := _identity(segment):
                genres = _genres(segment)
                self._genres.setdefault(identity, set()).update(g for genre in genres if (g := _identity(genre)))

    def add_states(self, country: str, states: Iterable[str]) -> None:
        """Learn state codes of venues."""
        self._states.setdefault(country, set()).update(state for state in states if _SAFE.fullmatch(state))

    def cuts(self, slice_: Slice) -> list[list[Slice]]:
        """The ways to cut a slice along dimensions that it isn't cut along yet, those with the fewest parts first.

        That is by segment (six), then, within a segment, by its genres (about twenty), then by state (about sixty).
        """
        used = {key for key, _ in slice_.filters}
        ways = [
            slice_.by(dimension, self._values(dimension, slice_)) for dimension in DIMENSIONS if dimension not in used
        ]
        return sorted(filter(None, ways), key=len)

    def _values(self, dimension: str, slice_: Slice) -> list[str]:
        if dimension == "segmentId":
            return sorted(self._genres)
        if dimension == "stateCode":
            return sorted(self._states.get(slice_.country, ()))
        segment = dict(slice_.filters).get("segmentId")
        known = self._genres.get(segment, set()) if segment else set().union(*self._genres.values())
        return sorted(known)


def _genres(segment: Any) -> list[Any]:
    embedded = segment.get("_embedded")
    genres = embedded.get("genres") if isinstance(embedded, dict) else None
    return genres if isinstance(genres, list) else []


def _identity(element: Any) -> str | None:
    identity = element.get("id") if isinstance(element, dict) else None
    return identity if isinstance(identity, str) and _SAFE.fullmatch(identity) else None
