"""What the contract modes do with a record that broke the raw contract."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from lake.drift import kind_of
from lake.records import RecordError, raw_error, reached, without_indexes
from schemas.raw import RawRecord, json_path

_PASSES = 10
"""Setting one value aside can bring the next error to light: a thing whose id is bad has none in the next pass."""

_GONE: Any = object()
"""Stands where a value was, until all errors of a pass were looked at."""

Path = tuple[str | int, ...]


def has_retyped(errors: tuple[RecordError, ...]) -> RecordError | None:
    """The first error that says that a field has another type than the contract's."""
    return next((error for error in errors if kind_of(error.type) == "retyped"), None)


def discard_values(content: Any, model: type[RawRecord]) -> tuple[RawRecord | None, tuple[RecordError, ...]]:
    """The record without its bad values, and why each was set aside; None, and why, when it is useless without them.

    A bad value becomes null. In a list it is left out, and so is a null. What must have a value, such as the id of a
    venue, takes the thing that it belongs to along, and never more than that. A whole number where text is expected
    becomes text, and an object where a list is expected a list of one: neither loses anything.

    Args:
        content: the record as Python objects, which are changed; None when it cannot be read.
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
            return record, tuple(each.why for each in discards)
        one_pass = _Pass(content, discards)
        for detail in details:
            one_pass.take(detail)
        if one_pass.fatal:
            return None, (one_pass.fatal,)
        one_pass.finish()
    return None, ()


@dataclass(frozen=True, slots=True)
class _Discard:
    """Something that was set aside.

    Attributes:
        holders: the objects and lists that it was in, the record first; indexes move, these stay what they are.
        key: its key or index in the last of them.
        why: the reason.
    """

    holders: tuple[Any, ...]
    key: str | int
    why: RecordError


class _Pass:
    """Takes the bad values that one validation named out of a record.

    Attributes:
        fatal: why the record is useless; None while it is not.
    """

    def __init__(self, content: Any, discards: list[_Discard]) -> None:
        self._content, self._discards = content, discards
        self._nulled: list[tuple[Any, str | int]] = []
        self._removed: list[tuple[Any, str | int]] = []
        self._handled: set[Path] = set()
        self.fatal: RecordError | None = None

    def take(self, detail: Any) -> None:
        """Convert the value of one error, or set it aside."""
        kind, steps = detail["type"], detail["loc"]
        value, depth = reached(self._content, steps)
        path = steps[:depth]
        if value is _GONE or path in self._handled:
            return
        self._handled.add(path)
        why = raw_error(detail, self._content)
        if not path:
            lost = (known.why for known in self._discards if len(known.holders) == 1 and known.key == steps[-1:][0])
            self.fatal = next(lost, why) if steps else why
        elif (converted := _converted(kind, value)) is not None:
            reached(self._content, path[:-1])[0][path[-1]] = converted
        elif kind == "literal_error" and isinstance(value, str):
            self._discard(path[:-1], why)  # a thing of another kind
        else:
            self._discard(path, why)

    def finish(self) -> None:
        """Change the record."""
        for holder, key in self._nulled:
            holder[key] = None
        for holder, key in self._removed:
            if isinstance(holder, list):
                holder[:] = [each for each in holder if each is not _GONE]
            else:
                del holder[key]

    def _discard(self, path: Path, why: RecordError) -> None:
        """Set a value aside: as null or, in a list and where it is null already, by removing it."""
        if not path:
            self.fatal = why
            return
        holders = tuple(reached(self._content, path[:depth])[0] for depth in range(len(path)))
        holder, key = holders[-1], path[-1]
        self._note(holders, path, holder[key], why)
        is_removed = holder[key] is None or isinstance(holder, list)
        (self._removed if is_removed else self._nulled).append((holder, key))
        holder[key] = _GONE

    def _note(self, holders: tuple[Any, ...], path: Path, value: Any, why: RecordError) -> None:
        """Remember what is set aside, and why: for the first thing that was bad in it."""
        is_same = [
            any(each is value for each in known.holders) or (known.holders[-1] is holders[-1] and known.key == path[-1])
            for known in self._discards
        ]
        within = [known.why for known, same in zip(self._discards, is_same, strict=True) if same]
        self._discards[:] = [known for known, same in zip(self._discards, is_same, strict=True) if not same]
        first = within[0] if within else why
        said = replace(first, path=json_path(*path), message=_at(path, first))
        self._discards.append(_Discard(holders, path[-1], said))


def _at(path: Path, why: RecordError) -> str:
    """A reason that says where within a thing that was set aside it lies."""
    inner = without_indexes(why.path).removeprefix(without_indexes(json_path(*path))).removeprefix(".")
    return f"{inner}: {why.message}" if inner else why.message


def _converted(kind: str, value: Any) -> Any:
    """The value in the type that the contract expects, where that loses nothing; else None."""
    if kind == "string_type" and type(value) is int:
        return str(value)
    return [value] if kind == "list_type" and type(value) is dict else None
