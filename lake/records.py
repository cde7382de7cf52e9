"""The errors of a record that breaks its contract, in the same form for every format."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from schemas.raw import RawRecord, json_path, unknown_fields_of

_MOST_ERRORS = 25
_LONGEST_MESSAGE = 300
_HALF = re.compile("[\ud800-\udfff]")
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class RecordError:
    """One reason why a record was rejected.

    Attributes:
        path: JSON path in the record, or `table.column` when the curated contract was broken.
        type: short snake_case name, pydantic's if it has one; `null` if a required value is null.
        message: the reason for people.
    """

    path: str
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that breaks the raw contract.

    Attributes:
        errors: every reason.
        unknown: distinct JSON paths of its fields that the contract doesn't declare.
        content: the record as Python objects, or None if it cannot be read.
        unreadable: values that could not be read; they are null in the content.
    """

    errors: tuple[RecordError, ...]
    unknown: tuple[str, ...] = ()
    content: Any = None
    unreadable: tuple[RecordError, ...] = ()


def unreadable(kind: str, reason: str) -> Bad:
    """A record that cannot be read at all."""
    return Bad((RecordError("$", kind, reason[:_LONGEST_MESSAGE]),))


def bad_json(text: bytes, error: ValidationError, model: type[RawRecord]) -> Bad:
    """The errors and unknown fields of a record that breaks the raw contract, from its JSON."""
    try:
        return bad_record(from_json(text), error, model)
    except ValueError:  # pydantic uses the same parser: its error is the reason
        return _half_characters(text, model) or unreadable("malformed_json", _details(error)[0]["msg"])


def _half_characters(text: bytes, model: type[RawRecord]) -> Bad | None:
    """A record that is unreadable only because some of its texts were cut within a character; None for any other."""
    errors: list[RecordError] = []
    try:
        content = _whole_characters(json.loads(text.decode()), "$", errors)
    except (ValueError, RecursionError):
        return None
    return Bad(tuple(errors), tuple(sorted(set(unknown_fields_of(content, model)))), content, tuple(errors))


def _whole_characters(value: Any, path: str, errors: list[RecordError]) -> Any:
    """The value with null for every text with half of a character, and without such keys; `errors` gets each."""
    if isinstance(value, dict):
        errors += [_half(json_path(path, key)) for key in value if _HALF.search(key)]
        whole = {key: member for key, member in value.items() if not _HALF.search(key)}
        return {key: _whole_characters(member, json_path(path, key), errors) for key, member in whole.items()}
    if isinstance(value, list):
        return [_whole_characters(element, f"{path}[{index}]", errors) for index, element in enumerate(value)]
    if isinstance(value, str) and _HALF.search(value):
        errors.append(_half(path))
        return None
    return value


def _half(path: str) -> RecordError:
    return RecordError(path, "string_unicode", "Text contains half of a character (a lone surrogate)")


def bad_record(content: Any, error: ValidationError, model: type[RawRecord]) -> Bad:
    """The errors and unknown fields of a record that breaks the raw contract, from its content."""
    errors = tuple(raw_error(detail, content) for detail in _details(error))
    return Bad(errors, tuple(sorted(set(unknown_fields_of(content, model)))), content)


def row_errors(error: ValidationError, table: str | None) -> tuple[RecordError, ...]:
    """The errors of a row that breaks the curated contract, without values; the paths are `table.column`."""
    return tuple(
        RecordError(
            ".".join((table or "row", *map(str, detail["loc"]))), detail["type"], detail["msg"][:_LONGEST_MESSAGE]
        )
        for detail in _details(error)
    )


def without_indexes(path: str) -> str:
    """A JSON path that is the same for all elements of a list."""
    return _INDEX.sub("[]", path)


def reached(content: Any, steps: tuple[str | int, ...]) -> tuple[Any, int]:
    """The deepest value that exists on a path, and the number of steps to it."""
    for depth, step in enumerate(steps):
        try:
            content = content[step]
        except (LookupError, TypeError):
            return content, depth
    return content, len(steps)


def raw_error(detail: Any, content: Any) -> RecordError:
    """One of pydantic's errors with the path of the value. Pydantic's location continues with branches of a union."""
    kind = detail["type"]
    steps = detail["loc"]
    value, depth = reached(content, steps)
    if kind == "missing":
        path = json_path(*steps[:depth], steps[-1])
    else:
        path = json_path(*steps[:depth])
        kind = "null" if value is None and kind.endswith("_type") else kind
    return RecordError(path, kind, detail["msg"][:_LONGEST_MESSAGE])


def _details(error: ValidationError) -> list[Any]:
    """Pydantic's errors without values; limited, because a hostile record can have any number."""
    return error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_ERRORS]
