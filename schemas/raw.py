"""Raw records: what a source sends, read leniently; what is unknown is kept out and reported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from schemas.contract import CuratedRow
from schemas.types import Opaque

ContractMode = Literal["evolve", "freeze", "discard_value", "discard_row"]
"""What a field that the contract does not know, or a value that breaks it, leads to.

discard_value: a bad value is set aside and reported, its record stays: an optional value becomes null, and what must
    have a value (a venue without its id) is left out of the record; a record that is useless without it is quarantined.
evolve: new fields are accepted and reported; a record with a bad value is quarantined.
freeze: a new or a retyped field fails the run.
discard_row: a record with a new field or a bad value is quarantined.

No value is cut or guessed at: text that is too long for its column is a bad value. With discard_value a whole number
for text, and an object for a list, are read as what they must mean and reported as retyped. New fields are always
reported.
"""

Repeats = Literal["first", "equal"]
"""What a record leads to whose key was met before.

first: it is a duplicate, whatever it says; the first one counts. For pages that repeat records while these change.
equal: it is a duplicate if it becomes the same rows; if not, it is quarantined, since nobody knows which one is true.
"""

First = Callable[[type[CuratedRow], str], bool]
"""Asks whether a key of a table is met for the first time, and claims it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class _Notice:
    """Counts unknown keys as they are met. It only grows, so that concurrent readers can at most look in vain."""

    count = 0


def _notice(key: str) -> str:
    _Notice.count += 1
    return key


def unknown_keys_met() -> int:
    """Unknown keys met so far in this process: records need a closer look only when it has grown."""
    return _Notice.count


class Rejected(ValueError):
    """A record that cannot become rows, for a reason that no type expresses.

    Args:
        path: JSON path of the culprit.
        kind: short snake_case name of the reason.
        message: the reason in words.
    """

    def __init__(self, path: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.path, self.kind, self.message = path, kind, message


def every(table: type[CuratedRow], key: str) -> bool:  # noqa: ARG001  the signature of `First`
    """A `First` for which nothing is a duplicate."""
    return True


class RawPart(BaseModel):
    """A JSON object inside a raw record. Fields are named as the source names them, in camelCase."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)
    __pydantic_extra__: dict[Annotated[str, AfterValidator(_notice)], Opaque]

    def unknown_fields(self, path: str = "$") -> Iterator[str]:
        """JSON paths of the fields that the contract does not know; a list's elements share one path."""
        for key in self.__pydantic_extra__ or ():
            yield json_path(path, key)
        for name, key, _ in _parts_of(type(self)):
            value = self.__dict__[name]
            if isinstance(value, RawPart):
                yield from value.unknown_fields(f"{path}.{key}")
            elif value:
                for each in value:
                    yield from each.unknown_fields(f"{path}.{key}[]")


class RawRecord(RawPart):
    """Base of all raw records: one element of what a source hands over.

    A subclass declares its `entity`; `to_rows` is the only place where nesting is flattened.

    Attributes:
        entity: name of the entity; its own curated table has the same name.
        mode: what new fields and bad values lead to.
        repeats: what a record leads to whose key was met before.
        reject_threshold: share of rejected records, 0 to 1, above which a run fails.
        discard_threshold: share of the records, 0 to 1, of which one field was set aside, above which a run fails: it
            is then the contract that is wrong, not the values.
    """

    entity: ClassVar[str]
    mode: ClassVar[ContractMode] = "discard_value"
    repeats: ClassVar[Repeats] = "first"
    reject_threshold: ClassVar[float] = 0.05
    discard_threshold: ClassVar[float] = 0.5

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The record as curated rows: at most one of the entity's own table.

        Args:
            first: asked before a row of a shared table (and before the own row) is built, so that things that
                come with every record, such as venues, are flattened once.

        Raises:
            Rejected: the record makes no sense.
            pydantic.ValidationError: a row breaks the curated contract.
        """
        raise NotImplementedError


def unknown_fields_of(content: Any, model: type[RawPart], path: str = "$") -> Iterator[str]:
    """What `unknown_fields` is to a valid record, for one that broke its contract: from its JSON, as far as that fits.

    Args:
        content: the JSON as Python objects.
        model: what it should have been.
        path: where it stands in the record.
    """
    if isinstance(content, list):
        for each in content:
            yield from unknown_fields_of(each, model, f"{path}[]")
    elif isinstance(content, dict):
        if model.model_config.get("extra") == "allow":
            yield from (json_path(path, key) for key in content if key not in _keys_of(model))
        for _, key, part in _parts_of(model):
            yield from unknown_fields_of(content.get(key), part, f"{path}.{key}")


@cache
def _keys_of(model: type[RawPart]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


@cache
def _parts_of(model: type[RawPart]) -> tuple[tuple[str, str, type[RawPart]], ...]:
    """The fields that hold further parts: name, JSON key, and what the parts are."""
    found = ((name, field.alias or name, _part_in(field.annotation)) for name, field in model.model_fields.items())
    return tuple((name, key, part) for name, key, part in found if part)


def _part_in(annotation: Any) -> type[RawPart] | None:
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation if issubclass(annotation, RawPart) else None
    return next(filter(None, map(_part_in, get_args(annotation))), None)


def json_path(*steps: str | int) -> str:
    """A JSON path; the first step may be a path already.

    >>> json_path("dates", "start", "localDate")
    '$.dates.start.localDate'
    >>> json_path("$._embedded.venues", 0, "postal code")
    '$._embedded.venues[0]["postal code"]'
    """
    head, *rest = steps if steps and str(steps[0]).startswith("$") else ("$", *steps)
    path = str(head)
    for step in rest:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            path += f".{step}"
        else:
            path += f"[{json.dumps(step[:100])}]"
    return path
