"""What the contract modes do with a record that broke the raw contract."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from lake.drift import kind_of
from lake.records import RecordError, reached
from schemas.raw import RawRecord, json_path

_PASSES = 5
"""Nulling one value can bring the next one to light (a union reports both of its branches, say)."""


def has_retyped(errors: tuple[RecordError, ...]) -> RecordError | None:
    """The first error that says that a field has another type than the contract's."""
    return next((error for error in errors if kind_of(error.type) == "retyped"), None)


def discard_values(content: Any, model: type[RawRecord]) -> tuple[RawRecord, tuple[str, ...]] | None:
    """The record with its bad values made null, and their JSON paths; None when it is bad all the same.

    Args:
        content: the record as Python objects, which are changed; None when it cannot be read.
        model: its raw model.
    """
    if content is None:
        return None
    discarded: list[str] = []
    for _ in range(_PASSES):
        try:
            return model.model_validate_json(to_json(content, inf_nan_mode="constants")), tuple(discarded)
        except ValidationError as error:
            paths = [each["loc"] for each in error.errors(include_url=False, include_input=False)]
        nulled = [json_path(*path[:depth]) for path in paths if (depth := _make_null(content, path))]
        if not nulled:
            return None
        discarded += nulled
    return None


def _make_null(content: Any, path: tuple[str | int, ...]) -> int:
    """Make the value at a path null; how many steps led there, or 0 when there was none that was not null yet."""
    value, depth = reached(content, path)
    if depth == 0 or value is None:
        return 0
    holder, _ = reached(content, path[: depth - 1])
    holder[path[depth - 1]] = None
    return depth
