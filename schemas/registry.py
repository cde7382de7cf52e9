"""Finds a source's contracts by name. A source is a package or module in `schemas` that holds a `SOURCE`."""

from __future__ import annotations

import importlib
import pkgutil

import schemas
from schemas.source import Source


class UnknownSourceError(KeyError):
    """No source has that name; the message names those there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def source_names() -> tuple[str, ...]:
    """Names of all sources, in alphabetical order."""
    found = []
    for module in pkgutil.iter_modules(schemas.__path__):
        if isinstance(getattr(importlib.import_module(f"schemas.{module.name}"), "SOURCE", None), Source):
            found.append(module.name)  # noqa: PERF401  the code of the contracts is part of their versions
    return tuple(sorted(found))


def get_source(name: str) -> Source:
    """The contracts of a source.

    Raises:
        UnknownSourceError: there is no such source; the message names those there are.
    """
    names = source_names()
    if name not in names:
        raise UnknownSourceError(f"there is no source {name!r}; there is: {', '.join(names)}")
    source: Source = importlib.import_module(f"schemas.{name}").SOURCE
    return source
