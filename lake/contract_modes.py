"""What the contract modes do with a record that broke the raw contract."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from lake.records import RecordError
from schemas.raw import RawRecord, json_path

_RETYPED = re.compile(r"_(type|parsing)$")
_PASSES = 5
"""Nulling one value can bring the next one to light (a union reports both of its branches, say)."""


def has_retyped(errors: tuple[RecordError, ...]) -> RecordError | None:
    """The first error that says that a field has another type than the contract's."""
    return next((error for error in errors if _RETYPED.search(error.type)), None)


def discard_values(verbatim: bytes, model: type[RawRecord]) -> tuple[RawRecord, tuple[str, ...]] | None:
    """The record with its bad values made null, and their JSON paths; None when it is bad all the same."""
    try:
        content = from_json(verbatim)
    except ValueError:
        return None
    discarded: list[str] = []
    for _ in range(_PASSES):
        try:
            return model.model_validate_json(to_json(content, inf_nan_mode="constants")), tuple(discarded)
        except ValidationError as error:
            paths = [each["loc"] for each in error.errors(include_url=False, include_input=False)]
        nulled = [json_path(*path) for path in paths if _make_null(content, path)]
        if not nulled:
            return None
        discarded += nulled
    return None


def _make_null(content: Any, path: tuple[str | int, ...]) -> bool:
    """Make the value at a path null; whether there was one that was not null yet.

    Where the path leads on into the branches of a union, the value is the last that exists.
    """
    holder, last = None, None
    for step in path:
        try:
            value = content[step]
        except (LookupError, TypeError):
            break
        holder, last, content = content, step, value
    if holder is None or content is None:
        return False
    holder[last] = None
    return True
