"""Finds a source's contracts by name. A source is a package or module in `schemas` with a `SOURCE`."""

from __future__ import annotations

import importlib
import pkgutil

import schemas
from schemas.source import Source


class UnknownSourceError(KeyError):
    """No source has that name; the message lists the sources."""

    def __str__(self) -> str:
        return str(self.args[0])


def source_names() -> tuple[str, ...]:
    """Names of all sources, in alphabetical order."""
    modules = (module.name for module in pkgutil.iter_modules(schemas.__path__))
    return tuple(sorted(name for name in modules if _has_source(name)))


def _has_source(module: str) -> bool:
    return isinstance(getattr(importlib.import_module(f"schemas.{module}"), "SOURCE", None), Source)


def get_source(name: str) -> Source:
    """The contracts of a source.

    Raises:
        UnknownSourceError: the source doesn't exist; the message lists the sources.
    """
    names = source_names()
    if name not in names:
        raise UnknownSourceError(f"there is no source {name!r}; there is: {', '.join(names)}")
    source: Source = importlib.import_module(f"schemas.{name}").SOURCE
    return source
