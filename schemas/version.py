"""The version of a contract: it changes with what the contract's code does, not with the words that explain it.

`released_versions.json` names the contracts that were released, by the version that they had then. What they validated
is as good as what today's contract would make of it, for as long as today's contract has the version that stands
next to theirs. When a contract was rewritten without a change in what it accepts or gives, write today's versions:

    python -m schemas.released --write

When what it accepts or gives has changed, delete its line instead: its data is validated again.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from pydantic import VERSION

from schemas.raw import RawRecord

RELEASED = "released_versions.json"
_WORDS = frozenset({"description"})
"""Keyword arguments that say what a column means, and change nothing of it."""


@cache
def contract_version(model: type[RawRecord]) -> str:
    """Twelve hex digits that change with the code of a record's contract: its package, and what all contracts share.

    Comments, docstrings, descriptions of columns and the layout of the code don't count. All else does, whatever it
    means: a renamed variable costs a validation, a changed normalisation that went unnoticed would cost wrong rows.
    """
    digest = hashlib.sha256(f"{model.__qualname__} {model.mode} {model.repeats} pydantic {VERSION}".encode())
    for package in ("schemas", sys.modules[model.__module__].__package__ or ""):
        files = (file for file in resources.files(package).iterdir() if file.name.endswith(".py"))
        for file in sorted(files, key=lambda file: file.name):
            digest.update(b"\0".join((b"", file.name.encode(), code_of(file.read_text("utf-8")).encode())))
    return digest.hexdigest()[:12]


def released_version(source: str, entity: str, version: str) -> str:
    """Today's name of a version: that of the contract as it is written now, if it was released under another one."""
    return released_versions().get(f"{source}/{entity}", {}).get(version, version)


def code_of(text: str) -> str:
    """What Python code does, as text: without comments, docstrings, descriptions and layout.

    The same for all versions of Python that read the code: what a syntax tree leaves empty is left out.
    """
    return "".join(_written(ast.parse(text)))


def _written(part: Any) -> Iterator[str]:
    if isinstance(part, ast.AST):
        yield f"{type(part).__name__}("
        for name, field in ast.iter_fields(part):
            value = [item for item in field if not _is_prose(item)] if isinstance(field, list) else field
            if value is not None and value != []:
                yield f"{name}="
                yield from _written(value)
        yield ")"
    elif isinstance(part, list):
        yield "["
        for item in part:
            yield from _written(item)
            yield ","
        yield "]"
    else:
        yield repr(part)


def _is_prose(item: Any) -> bool:
    """Whether a statement is a string that nothing reads, as docstrings are, or an argument describes a column."""
    if isinstance(item, ast.keyword):
        return item.arg in _WORDS
    return isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)


@cache
def released_versions() -> dict[str, dict[str, str]]:
    """Today's version of each contract, by source and entity, and by the version that it was released under."""
    released: dict[str, dict[str, str]] = json.loads(resources.files("schemas").joinpath(RELEASED).read_text("utf-8"))
    return released
