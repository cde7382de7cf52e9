"""Names that someone may have mistyped."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SUGGESTIONS = 3
_LEAST_SIMILARITY = 0.5


class UnknownName(LookupError):
    """The semantic model has no such name. The message has the nearest ones."""


def unknown(kind: str, name: str, names: Iterable[str], hint: str = "") -> UnknownName:
    """The error for a name that does not exist.

    Args:
        kind: what it should be the name of.
        name: the unknown name.
        names: the names that exist.
        hint: what to do if none of them is right.
    """
    similar = nearest(name, names)
    suggestion = f" Did you mean {' or '.join(similar)}?" if similar else ""
    return UnknownName(f"there is no {kind} {name!r}.{suggestion}{hint}")


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names most like the given one, the most similar first. A part after the entity counts too."""
    candidates = list(names)
    similar = get_close_matches(name.lower(), candidates, n=_SUGGESTIONS, cutoff=_LEAST_SIMILARITY)
    word = name.lower().rpartition("__")[2]
    endings = sorted((candidate for candidate in candidates if candidate.endswith(f"__{word}")), key=len)
    return list(dict.fromkeys([*endings, *similar]))[:_SUGGESTIONS]
