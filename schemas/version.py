"""The version of a contract: it changes with the contract's code, not with the words that explain it.

`released_versions.json` maps the version of each released contract to the version of the current contract that gives
the same rows. Data that the released contract validated stays valid as long as the current contract has that version.
If you rewrite a contract without changing what it accepts or its rows, write the current versions:

    python -m schemas.released --write

If you do change what it accepts or its rows, delete its line instead: its data will be validated again.
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
"""Keyword arguments that describe a column and don't affect its values."""


@cache
def contract_version(model: type[RawRecord]) -> str:
    """Twelve hex digits that change with the code of a record's contract: its package and the shared modules.

    Comments, docstrings, descriptions of columns and the layout of the code don't count. Everything else does: a
    renamed variable costs a needless validation, but an unnoticed change in a normalisation would cost wrong rows.
    """
    digest = hashlib.sha256(f"{model.__qualname__} {model.mode} {model.repeats} pydantic {VERSION}".encode())
    for package in ("schemas", sys.modules[model.__module__].__package__ or ""):
        files = (file for file in resources.files(package).iterdir() if file.name.endswith(".py"))
        for file in sorted(files, key=lambda file: file.name):
            digest.update(b"\0".join((b"", file.name.encode(), code_of(file.read_text("utf-8")).encode())))
    return digest.hexdigest()[:12]


def released_version(source: str, entity: str, version: str) -> str:
    """The current version of a contract that was released under another version; other versions stay as they are."""
    return released_versions().get(f"{source}/{entity}", {}).get(version, version)


def code_of(text: str) -> str:
    """Python code as text without comments, docstrings, descriptions and layout.

    The text omits empty fields of the syntax tree, so that it is the same in all versions of Python.
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
    """Whether a statement is an unused string, such as a docstring, or an argument describes a column."""
    if isinstance(item, ast.keyword):
        return item.arg in _WORDS
    return isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)


@cache
def released_versions() -> dict[str, dict[str, str]]:
    """The current version of each contract, by source and entity and then by released version."""
    released: dict[str, dict[str, str]] = json.loads(resources.files("schemas").joinpath(RELEASED).read_text("utf-8"))
    return released
