"""Contract modes: how a record that breaks the raw contract is handled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from lake.drift import kind_of
from lake.records import RecordError, raw_error, reached, without_indexes
from schemas.raw import RawRecord, json_path

_PASSES = 10
"""Discarding one value can expose the next error: a venue whose id was bad has no id in the next pass."""

_GONE: Any = object()
"""Placeholder for a discarded value until all errors of a pass are handled."""

Path = tuple[str | int, ...]


def has_retyped(errors: tuple[RecordError, ...]) -> RecordError | None:
    """The first error about a field whose type differs from the contract's."""
    return next((error for error in errors if kind_of(error.type) == "retyped"), None)


def discard_values(content: Any, model: type[RawRecord]) -> tuple[RawRecord | None, tuple[RecordError, ...]]:
    """The record without its bad values, and the reason for each; None and the reason if it is useless without them.

    A bad value becomes null. In a list, bad values and nulls are removed. If a required value is bad, such as the id of
    a venue, the object that it belongs to is discarded, but never more than that. A whole number becomes text if text
    is expected, and an object becomes a list of one if a list is expected: neither loses information.

    Args:
        content: the record as Python objects, which this function changes; None if it cannot be read.
        model: its raw model.
    """
    if content is None:
        return None, ()
    discards: list[_Discard] = []
    for _ in range(_PASSES):
        try:
            record = model.model_validate_json(to_json(content, inf_nan_mode="constants"))
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False, include_context=False)
        else:
            return record, tuple(discard.reason for discard in discards)
        one_pass = _Pass(content, discards)
        for detail in details:
            one_pass.take(detail)
        if one_pass.fatal:
            return None, (one_pass.fatal,)
        one_pass.finish()
    return None, ()


@dataclass(frozen=True, slots=True)
class _Discard:
    """A discarded value.

    Attributes:
        holders: the objects and lists that contained it, the record first. Unlike indexes, they don't shift.
        key: its key or index in the last of them.
        reason: why it was discarded.
    """

    holders: tuple[Any, ...]
    key: str | int
    reason: RecordError


class _Pass:
    """Removes the bad values that one validation reported from a record.

    Attributes:
        fatal: why the record is useless; None while it is usable.
    """

    def __init__(self, content: Any, discards: list[_Discard]) -> None:
        self._content = content
        self._discards = discards
        self._nulled: list[tuple[Any, str | int]] = []
        self._removed: list[tuple[Any, str | int]] = []
        self._handled: set[Path] = set()
        self.fatal: RecordError | None = None

    def take(self, detail: Any) -> None:
        """Convert the value of one error, or discard it."""
        kind = detail["type"]
        steps = detail["loc"]
        value, depth = reached(self._content, steps)
        path = steps[:depth]
        if value is _GONE or path in self._handled:
            return
        self._handled.add(path)
        reason = raw_error(detail, self._content)
        if not path:
            causes = (
                known.reason for known in self._discards if len(known.holders) == 1 and known.key == steps[-1:][0]
            )
            self.fatal = next(causes, reason) if steps else reason
        elif (converted := _converted(kind, value)) is not None:
            reached(self._content, path[:-1])[0][path[-1]] = converted
        elif kind == "literal_error" and isinstance(value, str):
            self._discard(path[:-1], reason)  # an object of another kind
        else:
            self._discard(path, reason)

    def finish(self) -> None:
        """Change the record."""
        for holder, key in self._nulled:
            holder[key] = None
        for holder, key in self._removed:
            if isinstance(holder, list):
                holder[:] = [element for element in holder if element is not _GONE]
            else:
                del holder[key]

    def _discard(self, path: Path, reason: RecordError) -> None:
        """Set a value to null. If it is null already or in a list, remove it."""
        if not path:
            self.fatal = reason
            return
        holders = tuple(reached(self._content, path[:depth])[0] for depth in range(len(path)))
        holder = holders[-1]
        key = path[-1]
        self._note(holders, path, holder[key], reason)
        is_removed = holder[key] is None or isinstance(holder, list)
        (self._removed if is_removed else self._nulled).append((holder, key))
        holder[key] = _GONE

    def _note(self, holders: tuple[Any, ...], path: Path, value: Any, reason: RecordError) -> None:
        """Remember a discarded value and why: the first reason that was found within it."""
        is_same = [
            any(holder is value for holder in known.holders)
            or (known.holders[-1] is holders[-1] and known.key == path[-1])
            for known in self._discards
        ]
        inner = [known.reason for known, same in zip(self._discards, is_same, strict=True) if same]
        self._discards[:] = [known for known, same in zip(self._discards, is_same, strict=True) if not same]
        first = inner[0] if inner else reason
        located = replace(first, path=json_path(*path), message=_message_at(path, first))
        self._discards.append(_Discard(holders, path[-1], located))


def _message_at(path: Path, reason: RecordError) -> str:
    """The message of a reason, with its path within the discarded value."""
    inner = without_indexes(reason.path).removeprefix(without_indexes(json_path(*path))).removeprefix(".")
    return f"{inner}: {reason.message}" if inner else reason.message


def _converted(kind: str, value: Any) -> Any:
    """The value in the type that the contract expects; None if the conversion would lose information."""
    if kind == "string_type" and type(value) is int:
        return str(value)
    return [value] if kind == "list_type" and type(value) is dict else None
