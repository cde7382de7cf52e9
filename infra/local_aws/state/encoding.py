"""Objects of any shape as JSON, and back: cycles, shared references, classes of moto's that nobody listed.

Every object has an id, and whatever refers to it says `{"$ref": id}`. So do lists and dicts that are reachable in two
ways. An object that holds what cannot be kept (a lock, a thread, a socket, a generator, a function) is left out alone:
it disappears from the lists and dicts that held it, and an object that has it as an attribute goes with it.

    encoded = encode({"roles": backend.roles})
    decode(json.loads(json.dumps(encoded.as_json())))["roles"]

`decode` is in `decoding`; which classes come back is decided in `classes`.
"""

import collections
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from infra.local_aws.state.classes import base_of, class_of, name_of, slots_of
from infra.local_aws.state.scalars import scalar_of

_PLAIN = frozenset({str, int, float, bool, type(None)})
SEQUENCES: Mapping[type, str] = {tuple: "$tuple", set: "$set", frozenset: "$frozenset", collections.deque: "$deque"}
MAPPINGS: Mapping[type, str] = {
    dict: "$dict",
    collections.OrderedDict: "$ordered",
    collections.defaultdict: "$default",
}
FACTORIES = {kind.__name__: kind for kind in (list, dict, set, int, str, collections.OrderedDict)}
_GONE = object()


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
class Encoded:
    """Values as JSON takes them: the values by name, the objects that they refer to by id, and what was left out."""

    values: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What `decode` takes."""
        return {"values": self.values, "objects": self.objects}


External = Callable[[Any], str | None]
"""Names an object that is not kept but found again by its name when the state is read; None for every other."""


def encode(
    values: Mapping[str, Any],
    *,
    left_out: Mapping[str, Iterable[str]] | None = None,
    external: External = lambda _: None,
) -> Encoded:
    """Encodes named values and all that they refer to. Never fails because of what it meets: see `Encoded.lost`.

    Args:
        values: what to keep, by name.
        left_out: attributes that are not kept, by the class's name such as `moto.glue.models:FakeJob`; `decode` gives
            them their empty value.
        external: names objects that exist anyway, such as a backend.
    """
    return _Encoder(left_out or {}, external).run(values)


@dataclass(slots=True, eq=False)
class _Owner:
    """What is lost as a whole when a part of it cannot be kept: an object, or an entry of a named value."""

    kind: str
    value: Any
    where: str
    number: str = ""
    reason: str | None = None
    references: list["_Place"] = field(default_factory=list)

    def lose(self, reason: str) -> None:
        """Marks it; the first reason is the one that is told."""
        self.reason = self.reason or reason

    @property
    def name(self) -> str:
        """Its ARN, name or id; else where it is."""
        attributes = getattr(self.value, "__dict__", {})
        return next((str(attributes[key]) for key in ("arn", "name", "id") if attributes.get(key)), self.where)


@dataclass(slots=True, eq=False)
class _Place:
    """Where a value goes in the output. An entry of a list or dict can be left out; others not without their owner."""

    output: Any
    key: Any
    owner: _Owner
    is_entry: bool

    def empty(self) -> None:
        """Takes the value out again."""
        if isinstance(self.output, dict):
            self.output.pop(self.key, None)
        else:
            self.output[self.key] = _GONE


class _Encoder:
    def __init__(self, left_out: Mapping[str, Iterable[str]], external: External) -> None:
        self._left_out = {class_of(name): frozenset(attributes) for name, attributes in left_out.items()}
        self._external = external
        self._result = Encoded()
        self._owners: list[_Owner] = []
        self._objects: dict[int, _Owner] = {}
        self._containers: dict[int, tuple[Any, _Place]] = {}  # the container too, lest its id is given to another
        self._shared: dict[int, str] = {}
        self._lists: list[list[Any]] = []
        self._pair_lists: list[list[Any]] = []
        self._work: list[tuple[Any, _Place]] = []
        """Values still to be put; a stack of its own, for a chain of objects may be longer than Python's."""

    def run(self, values: Mapping[str, Any]) -> Encoded:
        for name, value in values.items():
            self._result.values[name] = None
            self._work.append((value, self._entry(value, self._result.values, name, name)))
            self._drain()
        self._lose()
        return self._result

    def _drain(self) -> None:
        while self._work:
            self._put(*self._work.pop())

    def _entry(self, value: Any, output: Any, key: Any, where: str) -> _Place:
        """A place that can be emptied alone: a named value, or an entry of one."""
        owner = _Owner(type(value).__name__, value, where)
        self._owners.append(owner)
        owner.references.append(place := _Place(output, key, owner, is_entry=True))
        return place

    def _put(self, value: Any, place: _Place) -> None:
        kind = type(value)
        if kind in _PLAIN:
            place.output[place.key] = value
        elif kind is list or kind in SEQUENCES or kind in MAPPINGS:
            self._container(value, kind, place)
        elif (scalar := scalar_of(value)) is not None:
            place.output[place.key] = scalar
        elif isinstance(value, type):
            place.output[place.key] = {"$class": name_of(value)}
            if name_of(value) is None:
                place.owner.lose(f"a reference to {value!r}")
        elif (name := self._external(value)) is not None:
            place.output[place.key] = {"$external": name}
        else:
            self._object(value, kind, place)

    def _container(self, value: Any, kind: type, place: _Place) -> None:
        if kind is not tuple and kind is not frozenset:
            if id(value) in self._containers:
                place.output[place.key] = {"$ref": self._share(value)}
                return
            self._containers[id(value)] = (value, place)
        if kind in MAPPINGS:
            self._mapping(value, kind, place)
        else:
            self._sequence(value, kind, place)

    def _share(self, value: Any) -> str:
        """The id of a container that was met before; it gets one when it is met for the second time."""
        if id(value) not in self._shared:
            first = self._containers[id(value)][1]
            number = self._shared[id(value)] = self._next()
            self._result.objects[number] = {"$shared": first.output[first.key]}
            first.output[first.key] = {"$ref": number}
        return self._shared[id(value)]

    def _next(self) -> str:
        number = str(len(self._result.objects) + 1)
        self._result.objects[number] = None
        return number

    def _mapping(self, value: Any, kind: type, place: _Place) -> None:
        entries = list(value.items())
        if kind is dict and all(type(key) is str and key[:1] != "$" for key, _ in entries):
            place.output[place.key] = output = dict.fromkeys(key for key, _ in entries)
            self._children(entries, output, place, is_entry=True)
            return
        pairs: list[Any] = []
        place.output[place.key] = encoded = dict[str, Any]({MAPPINGS[kind]: pairs})
        if kind is collections.defaultdict:
            factory = value.default_factory
            encoded["of"] = next((name for name, known in FACTORIES.items() if known is factory), None)
            if factory is not None and encoded["of"] is None:
                place.owner.lose(f"a defaultdict of {factory!r}")
        self._pairs(entries, pairs, place)

    def _sequence(self, value: Any, kind: type, place: _Place) -> None:
        items = list(value)
        output: list[Any] = [None] * len(items)
        place.output[place.key] = output if kind is list else {SEQUENCES[kind]: output}
        if kind is collections.deque:
            place.output[place.key]["most"] = value.maxlen
        self._lists.append(output)
        self._children(enumerate(items), output, place, is_entry=kind is not tuple)

    def _children(self, entries: Iterable[tuple[Any, Any]], output: Any, parent: _Place, *, is_entry: bool) -> None:
        is_named = parent.output is self._result.values
        for key, value in entries:
            if type(value) in _PLAIN:
                output[key] = value
            elif is_named and is_entry:
                self._work.append((value, self._entry(value, output, key, f"{parent.owner.where}[{key!r}]")))
            else:
                self._work.append((value, _Place(output, key, parent.owner, is_entry)))

    def _pairs(self, entries: list[tuple[Any, Any]], pairs: list[Any], parent: _Place) -> None:
        """Entries of a dict whose keys are not all plain texts, or whose kind matters."""
        pairs.extend([None, None] for _ in entries)
        self._pair_lists.append(pairs)
        is_named = parent.output is self._result.values
        for pair, (key, value) in zip(pairs, entries, strict=True):
            for number, part in enumerate((key, value)):
                place = (
                    self._entry(part, pair, number, f"{parent.owner.where}[{key!r}]")
                    if is_named
                    else _Place(pair, number, parent.owner, is_entry=True)
                )
                self._work.append((part, place))

    def _object(self, value: Any, kind: type, place: _Place) -> None:
        owner = self._objects.get(id(value))
        if owner is None:
            name = name_of(kind)
            if name is None or base_of(kind) is None:
                place.output[place.key] = None
                place.owner.lose(f"a {kind.__module__}.{kind.__qualname__}")
                return
            owner = self._objects[id(value)] = _Owner(name, value, f"{place.owner.where}.{place.key}", self._next())
            self._owners.append(owner)
            self._state(value, kind, owner)
        place.output[place.key] = {"$ref": owner.number}
        owner.references.append(place)

    def _state(self, value: Any, kind: type, owner: _Owner) -> None:
        output = self._result.objects[owner.number] = {"$": owner.kind}
        if isinstance(value, Enum):
            output["member"] = value.name
            return
        skipped = frozenset().union(*(self._left_out[base] for base in kind.__mro__ if base in self._left_out))
        state = [(name, item) for name, item in _attributes(value) if name not in skipped]
        output["state"] = dict.fromkeys(name for name, _ in state)
        inside = _Place(output, "", owner, is_entry=False)
        self._children(state, output["state"], inside, is_entry=False)
        base = base_of(kind)
        if isinstance(value, dict):
            output["entries"] = []
            self._pairs(list(dict.items(value)), output["entries"], inside)
        elif base in (list, set, collections.deque):
            output["items"] = [None] * len(items := list(value))
            self._lists.append(output["items"])
            self._children(enumerate(items), output["items"], inside, is_entry=True)
        elif base in (str, int, float):
            output["plain"] = base(value)

    def _lose(self) -> None:
        """Leaves out what cannot be kept, and what cannot be without it."""
        waiting = [owner for owner in self._owners if owner.reason is not None]
        for lost in waiting:  # grows while it is walked
            self._result.lost.append(Lost(lost.kind, lost.name, str(lost.reason)))
            self._result.objects.pop(lost.number, None)
            for place in lost.references:
                if place.is_entry:
                    place.empty()
                elif place.owner.reason is None:
                    place.owner.lose(f"its {place.key}, {lost.name}, which has {lost.reason}")
                    waiting.append(place.owner)
        if waiting:
            for pairs in self._pair_lists:
                pairs[:] = [pair for pair in pairs if not any(part is _GONE for part in pair)]
            for items in self._lists:
                items[:] = [item for item in items if item is not _GONE]


def _attributes(value: Any) -> list[tuple[str, Any]]:
    names = [name for base in type(value).__mro__ for name in slots_of(base)]
    slots = [
        (name, getattr(value, name))
        for name in names
        if name not in ("__dict__", "__weakref__") and hasattr(value, name)
    ]
    return [*slots, *list(getattr(value, "__dict__", {}).items())]
