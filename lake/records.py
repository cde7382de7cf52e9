"""What is wrong with a record that breaks its contract, told alike for every format."""

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
        type: short snake_case name, pydantic's where it has one; `null` for a null where a value must be.
        message: the reason in words.
    """

    path: str
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that broke the raw contract.

    Attributes:
        errors: every reason.
        unknown: JSON paths of its fields that the contract does not know, each once.
        content: the record as Python objects, or None when it cannot be read.
        unreadable: values that could not be read; they are null in the content.
    """

    errors: tuple[RecordError, ...]
    unknown: tuple[str, ...] = ()
    content: Any = None
    unreadable: tuple[RecordError, ...] = ()


def unreadable(kind: str, why: str) -> Bad:
    """What cannot be taken for a record at all."""
    return Bad((RecordError("$", kind, why[:_LONGEST_MESSAGE]),))


def bad_json(text: bytes, error: ValidationError, model: type[RawRecord]) -> Bad:
    """What is wrong with a record that broke the raw contract, from its JSON, and what is new in it."""
    try:
        return bad_record(from_json(text), error, model)
    except ValueError:  # the parser is pydantic's own: its error stands for all others
        return _half_characters(text, model) or unreadable("malformed_json", _details(error)[0]["msg"])


def _half_characters(text: bytes, model: type[RawRecord]) -> Bad | None:
    """A record that cannot be read only because some of its texts were cut within a character; else None."""
    found: list[RecordError] = []
    try:
        content = _whole_characters(json.loads(text.decode()), "$", found)
    except (ValueError, RecursionError):
        return None
    return Bad(tuple(found), tuple(sorted(set(unknown_fields_of(content, model)))), content, tuple(found))


def _whole_characters(value: Any, path: str, found: list[RecordError]) -> Any:
    """The value with null for every text that holds half of a character, which `found` gets; such keys are left out."""
    if isinstance(value, dict):
        found += [_half(json_path(path, key)) for key in value if _HALF.search(key)]
        whole = {key: each for key, each in value.items() if not _HALF.search(key)}
        return {key: _whole_characters(each, json_path(path, key), found) for key, each in whole.items()}
    if isinstance(value, list):
        return [_whole_characters(each, f"{path}[{index}]", found) for index, each in enumerate(value)]
    if isinstance(value, str) and _HALF.search(value):
        found.append(_half(path))
        return None
    return value


def _half(path: str) -> RecordError:
    return RecordError(path, "string_unicode", "Text holds half of a character (a lone surrogate)")


def bad_record(content: Any, error: ValidationError, model: type[RawRecord]) -> Bad:
    """What is wrong with a record that broke the raw contract, from its content, and what is new in it."""
    errors = tuple(raw_error(each, content) for each in _details(error))
    return Bad(errors, tuple(sorted(set(unknown_fields_of(content, model)))), content)


def row_errors(error: ValidationError, table: str | None) -> tuple[RecordError, ...]:
    """Why a row breaks the curated contract, without the values; the paths are `table.column`."""
    return tuple(
        RecordError(".".join((table or "row", *map(str, each["loc"]))), each["type"], each["msg"][:_LONGEST_MESSAGE])
        for each in _details(error)
    )


def without_indexes(path: str) -> str:
    """A JSON path that is the same for all elements of a list."""
    return _INDEX.sub("[]", path)


def reached(content: Any, steps: tuple[str | int, ...]) -> tuple[Any, int]:
    """The last value that a path leads to, and how many of its steps lead there."""
    for depth, step in enumerate(steps):
        try:
            content = content[step]
        except (LookupError, TypeError):
            return content, depth
    return content, len(steps)


def raw_error(detail: Any, content: Any) -> RecordError:
    """One of pydantic's errors with the path of the value: beyond it, its location names the branches of a union."""
    kind, steps = detail["type"], detail["loc"]
    value, depth = reached(content, steps)
    if kind == "missing":
        path = json_path(*steps[:depth], steps[-1])
    else:
        path = json_path(*steps[:depth])
        kind = "null" if value is None and kind.endswith("_type") else kind
    return RecordError(path, kind, detail["msg"][:_LONGEST_MESSAGE])


def _details(error: ValidationError) -> list[Any]:
    """pydantic's errors without the values; bounded, because a hostile record can make as many as it likes."""
    return error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_ERRORS]
