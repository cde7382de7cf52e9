"""The arguments of the procedures that CALL names, as far as the caller of the translator knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..errors import UnsupportedStatement

Modes = str
"""A letter for each argument, as in `pg_proc.proargmodes`: i (IN), b (INOUT), o (OUT)."""
Lookup = Callable[[str | None, str], list[Modes]]
"""Returns the modes of each procedure of a name, given its schema (None: by the search path)."""


def _unknown(_schema: str | None, _name: str) -> list[Modes]:
    return []


_lookup: ContextVar[Lookup] = ContextVar("routines", default=_unknown)


@contextmanager
def procedures_found_by(lookup: Lookup) -> Iterator[None]:
    """Translations inside the block look up procedures with this function."""
    token = _lookup.set(lookup)
    try:
        yield
    finally:
        _lookup.reset(token)


def out_positions(parts: list[str], count: int) -> list[int]:
    """Where the OUT arguments of a procedure are, in the list of all its arguments.

    Args:
        parts: The procedure's name, perhaps with its schema.
        count: Number of arguments that CALL gives.

    Raises:
        UnsupportedStatement: several procedures match, with OUT arguments in different places.
    """
    modes = _lookup.get()(parts[-2] if len(parts) > 1 else None, parts[-1])
    matching = {mode for mode in modes if len(mode) - mode.count("o") == count}
    positions = {tuple(i for i, letter in enumerate(mode) if letter == "o") for mode in matching}
    if len(positions) > 1:
        raise UnsupportedStatement(f"procedures {parts[-1]} with {count} arguments differ in their OUT arguments")
    return list(positions.pop()) if positions else []
