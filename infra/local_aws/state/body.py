"""One object as JSON: its attributes, lists and dicts, with references to other objects instead of these themselves."""

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
"""Instead of an entry that is left out."""

External = Callable[[Any], str | None]
"""Names an object that is not kept but found again by its name when the state is read; None for every other."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An object that could not be kept.

    Attributes:
        kind: its class.
        name: its ARN, name or id, or where it was.
        reason: what of it cannot be kept.
    """

    kind: str
    name: str
    reason: str


@dataclass(slots=True)
class Body:
    """What becomes of one object.

    Attributes:
        number: its id.
        number_of: the id of another object.
        external: see `External`.
        gone: `id()` of objects that are left out of lists and dicts.
        twice: `id()` of lists and dicts that it holds in more than one place: these get an id of their own.
        contents: JSON values by id: the object's own, and those of `twice`.
        needs: objects that an attribute refers to: it cannot be without them.
        holds: objects in its lists and dicts.
        reason: why it cannot be kept, if it cannot.
        lost: entries of a named value that are left out.
    """

    number: str
    number_of: Callable[[Any], str]
    external: External
    gone: Container[int] = ()
    twice: set[int] = field(default_factory=set)
    contents: dict[str, Any] = field(default_factory=dict)
    needs: list[Any] = field(default_factory=list)
    holds: list[Any] = field(default_factory=list)
    reason: str | None = None
    lost: list[Lost] = field(default_factory=list)
    _met: dict[int, Any] = field(default_factory=dict)
    _is_named: bool = False

    def of_value(self, value: Any) -> None:
        """Encodes a named value. An entry of it that cannot be kept is left out alone."""
        self._is_named = True
        self.contents[self.number] = self._value(value, is_entry=True, depth=0)

    def of_object(self, value: Any, attributes: Iterable[tuple[str, Any]]) -> None:
        """Encodes an object of a class of its own."""
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
        """Frees the JSON values, once they are a text."""
        self.contents, self._met = {}, {}

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
        if is_entry and id(value) in self.gone:
            return _GONE
        if name_of(kind) is None or base_of(kind) is None:
            self._cannot(f"a {kind.__module__}.{kind.__qualname__}")
            return None
        (self.holds if is_entry else self.needs).append(value)
        return {"$ref": self.number_of(value)}

    def _container(self, value: Any, kind: type, depth: int) -> Any:
        if depth > _DEEPEST:
            self._cannot(f"lists and dicts nested deeper than {_DEEPEST}")
            return None
        if kind is tuple or kind is frozenset:
            return {SEQUENCES[kind]: self._items(value, kind is frozenset, depth)}
        if id(value) in self._met:
            self.twice.add(id(value))
            return {"$ref": self._label(value)}
        self._met[id(value)] = value
        encoded = self._mapping(value, kind, depth) if kind in MAPPINGS else self._sequence(value, kind, depth)
        if id(value) in self.twice:
            self.contents[self._label(value)] = {"$shared": encoded}
            return {"$ref": self._label(value)}
        return encoded

    def _label(self, value: Any) -> str:
        return f"{self.number}.{list(self._met).index(id(value))}"

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
            encoded["of"] = next((name for name, known in FACTORIES.items() if known is factory), None)
            if factory is not None and encoded["of"] is None:
                self._cannot(f"a defaultdict of {factory!r}")
        return encoded

    def _pairs(self, entries: list[tuple[Any, Any]], depth: int) -> list[Any]:
        pairs = [[self._entry(key, key, True, depth), self._entry(item, key, True, depth)] for key, item in entries]
        return [pair for pair in pairs if pair[0] is not _GONE and pair[1] is not _GONE]

    def _entry(self, item: Any, key: Any, is_entry: bool, depth: int) -> Any:
        encoded = self._value(item, is_entry, depth)
        if self.reason is not None and self._is_named and depth == 1:
            self.lost.append(Lost(type(item).__name__, f"{self.number}[{key!r}]", self.reason))
            self.reason = None
            return _GONE
        return encoded


def attributes(value: Any, skipped: Container[str]) -> list[tuple[str, Any]]:
    """The attributes of an object, but those that are left out."""
    slots = [name for base in type(value).__mro__ for name in slots_of(base) if name not in ("__dict__", "__weakref__")]
    named = [(name, getattr(value, name)) for name in slots if hasattr(value, name)]
    named += list(getattr(value, "__dict__", {}).items())
    return [(name, item) for name, item in named if name not in skipped] if skipped else named
