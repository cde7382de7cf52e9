"""One object as JSON: its attributes, lists and dicts, with references to other objects."""

import collections
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .classes import base_of, name_of, slots_of
from .scalars import scalar_of

PLAIN = frozenset({str, int, float, bool, type(None)})
SEQUENCES: Mapping[type, str] = {tuple: "$tuple", set: "$set", frozenset: "$frozenset", collections.deque: "$deque"}
MAPPINGS: Mapping[type, str] = {
    dict: "$dict",
    collections.OrderedDict: "$ordered",
    collections.defaultdict: "$default",
}
FACTORIES = {kind.__name__: kind for kind in (list, dict, set, int, str, collections.OrderedDict)}
_DEEPEST = 100
_GONE = object()
"""Marks an entry that is left out."""

External = Callable[[Any], str | None]
"""Names an object that is not saved, but exists when the state is read; None for any other object."""


@dataclass(frozen=True, slots=True)
class Omission:
    """An object that could not be saved.

    Attributes:
        kind: its class.
        name: its ARN, name or id, or its position.
        reason: the part of it that can't be saved.
    """

    kind: str
    name: str
    reason: str


@dataclass(slots=True)
class Body:
    """The JSON of one object.

    Attributes:
        number: its id.
        number_of: returns the id of another object.
        external: see `External`.
        omitted: `id()` of objects to leave out of lists and dicts.
        shared: `id()` of lists and dicts that it contains in several places; each gets its own id.
        contents: JSON values by id: of the object itself and of `shared`.
        required: objects that its attributes refer to; it can't be saved without them.
        contained: objects in its lists and dicts.
        reason: why it can't be saved; None if it can.
        omissions: entries of a named value that are left out.
    """

    number: str
    number_of: Callable[[Any], str]
    external: External
    omitted: Container[int] = ()
    shared: set[int] = field(default_factory=set)
    contents: dict[str, Any] = field(default_factory=dict)
    required: list[Any] = field(default_factory=list)
    contained: list[Any] = field(default_factory=list)
    reason: str | None = None
    omissions: list[Omission] = field(default_factory=list)
    _containers: dict[int, Any] = field(default_factory=dict)
    _is_named: bool = False

    def of_value(self, value: Any) -> None:
        """Encodes a named value. Leaves out an entry that can't be saved."""
        self._is_named = True
        self.contents[self.number] = self._value(value, is_entry=True, depth=0)

    def of_object(self, value: Any, attributes: Iterable[tuple[str, Any]]) -> None:
        """Encodes an instance of a class."""
        kind: Any = type(value)
        content: dict[str, Any] = {"$": name_of(kind)}
        self.contents[self.number] = content
        if isinstance(value, Enum):
            content["member"] = value.name
            return
        content["state"] = {name: self._value(item, is_entry=False, depth=1) for name, item in attributes}
        base = base_of(kind)
        if isinstance(value, dict):
            content["entries"] = self._pairs(list(dict.items(value)), 1)
        elif base in (list, set, collections.deque):
            content["items"] = self._items(value, is_entry=True, depth=1)
        elif base in (str, int, float):
            content["plain"] = base(value)

    def forget(self) -> None:
        """Frees the JSON values after they were turned into text."""
        self.contents = {}
        self._containers = {}

    def _value(self, value: Any, is_entry: bool, depth: int) -> Any:
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is list or kind in MAPPINGS or kind in SEQUENCES:
            return self._container(value, kind, depth + 1)
        if (scalar := scalar_of(value)) is not None:
            return scalar
        if (name := self.external(value)) is not None:
            return {"$external": name}
        if isinstance(value, type):
            if name_of(value) is None:
                self._cannot(f"a reference to {value!r}")
            return {"$class": name_of(value)}
        return self._reference(value, kind, is_entry)

    def _cannot(self, reason: str) -> None:
        self.reason = self.reason or reason

    def _reference(self, value: Any, kind: type, is_entry: bool) -> Any:
        if is_entry and id(value) in self.omitted:
            return _GONE
        if name_of(kind) is None or base_of(kind) is None:
            self._cannot(f"a {kind.__module__}.{kind.__qualname__}")
            return None
        (self.contained if is_entry else self.required).append(value)
        return {"$ref": self.number_of(value)}

    def _container(self, value: Any, kind: type, depth: int) -> Any:
        if depth > _DEEPEST:
            self._cannot(f"lists and dicts nested deeper than {_DEEPEST}")
            return None
        if kind is tuple or kind is frozenset:
            return {SEQUENCES[kind]: self._items(value, kind is frozenset, depth)}
        if id(value) in self._containers:
            self.shared.add(id(value))
            return {"$ref": self._label(value)}
        self._containers[id(value)] = value
        encoded = self._mapping(value, kind, depth) if kind in MAPPINGS else self._sequence(value, kind, depth)
        if id(value) in self.shared:
            self.contents[self._label(value)] = {"$shared": encoded}
            return {"$ref": self._label(value)}
        return encoded

    def _label(self, value: Any) -> str:
        return f"{self.number}.{list(self._containers).index(id(value))}"

    def _sequence(self, value: Any, kind: type, depth: int) -> Any:
        items = self._items(value, is_entry=True, depth=depth)
        if kind is list:
            return items
        return {SEQUENCES[kind]: items} | ({"most": value.maxlen} if kind is collections.deque else {})

    def _items(self, value: Iterable[Any], is_entry: bool, depth: int) -> list[Any]:
        encoded = [
            item if type(item) in PLAIN else self._entry(item, number, is_entry, depth)
            for number, item in enumerate(list(value))
        ]
        return [item for item in encoded if item is not _GONE]

    def _mapping(self, value: Any, kind: type, depth: int) -> Any:
        entries = list(value.items())
        if kind is dict:
            output: dict[str, Any] = {}
            for key, item in entries:
                if type(key) is not str or key[:1] == "$":
                    return {"$dict": self._pairs(entries, depth)}
                encoded = item if type(item) in PLAIN else self._entry(item, key, True, depth)
                if encoded is not _GONE:
                    output[key] = encoded
            return output
        encoded = {MAPPINGS[kind]: self._pairs(entries, depth)}
        if kind is collections.defaultdict:
            factory = value.default_factory
            encoded["of"] = next((name for name, type_ in FACTORIES.items() if type_ is factory), None)
            if factory is not None and encoded["of"] is None:
                self._cannot(f"a defaultdict of {factory!r}")
        return encoded

    def _pairs(self, entries: list[tuple[Any, Any]], depth: int) -> list[Any]:
        pairs = [[self._entry(key, key, True, depth), self._entry(item, key, True, depth)] for key, item in entries]
        return [pair for pair in pairs if pair[0] is not _GONE and pair[1] is not _GONE]

    def _entry(self, item: Any, key: Any, is_entry: bool, depth: int) -> Any:
        encoded = self._value(item, is_entry, depth)
        if self.reason is not None and self._is_named and depth == 1:
            self.omissions.append(Omission(type(item).__name__, f"{self.number}[{key!r}]", self.reason))
            self.reason = None
            return _GONE
        return encoded


def attributes(value: Any, skipped: Container[str]) -> list[tuple[str, Any]]:
    """The attributes of an object, without the skipped ones."""
    slots = [name for base in type(value).__mro__ for name in slots_of(base) if name not in ("__dict__", "__weakref__")]
    pairs = [(name, getattr(value, name)) for name in slots if hasattr(value, name)]
    pairs += list(getattr(value, "__dict__", {}).items())
    return [(name, item) for name, item in pairs if name not in skipped] if skipped else pairs
