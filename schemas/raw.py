"""Raw records: a source's data, read leniently. Unknown fields are ignored and reported."""

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
"""How fields that the contract doesn't declare, and values that break it, are handled.

discard_value: a bad value is discarded and reported, and its record stays. An optional value becomes null; an object
    that lacks a required value (a venue without its id) is removed. A record that is useless without it is quarantined.
evolve: new fields are accepted and reported; a record with a bad value is quarantined.
freeze: a new or a retyped field fails the run.
discard_row: a record with a new field or a bad value is quarantined.

No value is truncated or guessed: text that is too long for its column is a bad value. With discard_value, a whole
number in place of text becomes text, an object in place of a list becomes a list of one, and both are reported as
retyped. New fields are always reported.
"""

Repeats = Literal["first", "equal"]
"""How a record is handled if an earlier record has the same key.

first: it is a duplicate, even with different content; the first one counts. For pages that repeat records while they
    change.
equal: it is a duplicate if it becomes the same rows. Otherwise it is quarantined, since either one may be right.
"""

First = Callable[[type[CuratedRow], str], bool]
"""Returns whether a key of a table is new, and claims it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class _Notice:
    """Counts unknown keys. It only grows, so concurrent readers at worst check a record needlessly."""

    count = 0


def _notice(key: str) -> str:
    _Notice.count += 1
    return key


def unknown_keys_met() -> int:
    """The number of unknown keys in this process so far: a record needs a closer look only if it has grown."""
    return _Notice.count


class Rejected(ValueError):
    """A record that cannot become rows, for a reason that no type expresses.

    Args:
        path: JSON path of the bad value.
        kind: short snake_case name of the reason.
        message: the reason for people.
    """

    def __init__(self, path: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.kind = kind
        self.message = message


def every(table: type[CuratedRow], key: str) -> bool:  # noqa: ARG001  the signature of `First`
    """A `First` that treats every key as new."""
    return True


class RawPart(BaseModel):
    """A JSON object inside a raw record. Fields have the source's names, in camelCase."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)
    __pydantic_extra__: dict[Annotated[str, AfterValidator(_notice)], Opaque]

    def unknown_fields(self, path: str = "$") -> Iterator[str]:
        """JSON paths of the fields that the contract doesn't declare; a list's elements share one path."""
        for key in self.__pydantic_extra__ or ():
            yield json_path(path, key)
        for name, key, _ in _parts_of(type(self)):
            value = self.__dict__[name]
            if isinstance(value, RawPart):
                yield from value.unknown_fields(f"{path}.{key}")
            elif value:
                for element in value:
                    yield from element.unknown_fields(f"{path}.{key}[]")


class RawRecord(RawPart):
    """Base of all raw records.

    A subclass declares its `entity`. Only `to_rows` flattens nested data.

    Attributes:
        entity: name of the entity; its own curated table has the same name.
        mode: how new fields and bad values are handled.
        repeats: how a record is handled if an earlier record has the same key.
        reject_threshold: share of rejected records, 0 to 1, above which a run fails.
        discard_threshold: share of the records with one field discarded, 0 to 1, above which a run fails: then the
            contract is wrong, not the values.
    """

    entity: ClassVar[str]
    mode: ClassVar[ContractMode] = "discard_value"
    repeats: ClassVar[Repeats] = "first"
    reject_threshold: ClassVar[float] = 0.05
    discard_threshold: ClassVar[float] = 0.5

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The record as curated rows: at most one of the entity's own table.

        Args:
            first: called before a row of a shared table (and the record's own row) is built, so that objects that many
                records contain, such as venues, are flattened once.

        Raises:
            Rejected: the record makes no sense.
            pydantic.ValidationError: a row breaks the curated contract.
        """
        raise NotImplementedError


def unknown_fields_of(content: Any, model: type[RawPart], path: str = "$") -> Iterator[str]:
    """The equivalent of `unknown_fields` for a record that breaks its contract: from its JSON, as far as that fits.

    Args:
        content: the JSON as Python objects.
        model: its raw model.
        path: its path in the record.
    """
    if isinstance(content, list):
        for element in content:
            yield from unknown_fields_of(element, model, f"{path}[]")
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
    """The fields that contain further parts: name, JSON key, and model of the parts."""
    fields = ((name, field.alias or name, _part_in(field.annotation)) for name, field in model.model_fields.items())
    return tuple((name, key, part) for name, key, part in fields if part)


def _part_in(annotation: Any) -> type[RawPart] | None:
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation if issubclass(annotation, RawPart) else None
    return next(filter(None, map(_part_in, get_args(annotation))), None)


def json_path(*steps: str | int) -> str:
    """A JSON path; the first step may already be a path.

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
