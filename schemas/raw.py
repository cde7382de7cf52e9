"""Raw records: what a source sends, read leniently; what is unknown is kept out and reported."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticUndefined

from schemas.contract import CuratedRow
from schemas.types import Opaque

ContractMode = Literal["evolve", "freeze", "discard_value", "discard_row"]
"""What a field that the contract does not know, or a value that breaks it, leads to.

evolve: new fields are accepted and reported; a record with a bad value is quarantined.
freeze: a new or a retyped field fails the run.
discard_value: a bad optional value becomes null; a record that is bad without it is quarantined.
discard_row: a record with a new field or a bad value is quarantined.
"""

First = Callable[[type[CuratedRow], str], bool]
"""Asks whether a key of a table is met for the first time, and claims it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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


def every(table: type[CuratedRow], key: str) -> bool:
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
        for name, step in _parts_of(type(self)):
            value = self.__dict__[name]
            if isinstance(value, RawPart):
                yield from value.unknown_fields(path + step)
            elif value:
                for each in value:
                    yield from each.unknown_fields(f"{path}{step}[]")


class RawRecord(RawPart):
    """Base of all raw records: one element of what a source hands over.

    A subclass declares its `entity`; `to_rows` is the only place where nesting is flattened.

    Attributes:
        entity: name of the entity; its own curated table has the same name.
        mode: what new fields and bad values lead to.
        reject_threshold: share of rejected records, 0 to 1, above which a run fails.
        revision: raised by hand when the meaning of the rows changes and no schema shows it.
    """

    entity: ClassVar[str]
    mode: ClassVar[ContractMode] = "evolve"
    reject_threshold: ClassVar[float] = 0.05
    revision: ClassVar[int] = 1

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


@cache
def _parts_of(model: type[RawPart]) -> tuple[tuple[str, str], ...]:
    """Name of the fields that hold further parts, and the step of a JSON path that leads there."""
    return tuple(
        (name, f".{field.alias or name}")
        for name, field in model.model_fields.items()
        if _holds_parts(field.annotation)
    )


def _holds_parts(annotation: Any) -> bool:
    if isinstance(annotation, type) and not get_args(annotation):
        return issubclass(annotation, RawPart)
    return any(_holds_parts(each) for each in get_args(annotation))


def json_path(*steps: str | int) -> str:
    """A JSON path; the first step may be a path already."""
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


@cache
def contract_version(model: type[RawRecord], tables: tuple[type[CuratedRow], ...]) -> str:
    """Twelve hex digits that change when the raw model, a curated table or the record's revision does."""
    declared = {
        "raw": model.model_json_schema(),
        "required": sorted(n for n, f in model.model_fields.items() if f.default is PydanticUndefined),
        "mode": model.mode,
        "revision": model.revision,
        "tables": {t.table: [(c.name, c.redshift_type, c.nullable, c.volatile) for c in t.columns()] for t in tables},
    }
    return hashlib.sha256(json.dumps(declared, sort_keys=True, default=str).encode()).hexdigest()[:12]
