"""Reads what `encoding` wrote: creates all objects first, then fills them, so that cycles close."""

import collections
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from .body import FACTORIES, MAPPINGS, SEQUENCES
from .classes import base_of, class_of, slots_of
from .scalars import READERS

_SEQUENCES = {mark: kind for kind, mark in SEQUENCES.items()}
_MAPPINGS = {mark: kind for kind, mark in MAPPINGS.items()}


def decode(
    encoded: Mapping[str, Any],
    *,
    left_out: Mapping[str, Mapping[str, Callable[[], Any]]] | None = None,
    external: Callable[[str], Any] = lambda name: name,
) -> dict[str, Any]:
    """Decodes values, as equal objects.

    Args:
        encoded: the JSON of `Encoded.text`.
        left_out: creates the value of each attribute that was not saved, by class name and attribute.
        external: returns the object that `external` of `encode` named.

    Raises:
        ForbiddenClass: a state file may not name this class.
        AttributeError, KeyError, TypeError, ValueError: this is not an encoded state.
    """
    return _Decoder(encoded, left_out or {}, external).run()


class _Decoder:
    def __init__(
        self,
        encoded: Mapping[str, Any],
        left_out: Mapping[str, Mapping[str, Callable[[], Any]]],
        external: Callable[[str], Any],
    ) -> None:
        self._values = encoded["values"]
        self._objects = encoded["objects"]
        self._left_out = {class_of(name): attributes for name, attributes in left_out.items()}
        self._external = external
        self._new_objects: dict[str, Any] = {}
        self._hashing_steps: list[Callable[[], None]] = []
        """Steps that hash an object: done last, when all objects have their attributes."""

    def run(self) -> dict[str, Any]:
        for number, content in self._objects.items():
            self._new_objects[number] = _empty(content)
        for number, content in self._objects.items():
            if "$shared" in content:
                self._fill_container(self._new_objects[number], content["$shared"])
            else:
                self._fill_object(self._new_objects[number], content)
        values = {name: self._value(value) for name, value in self._values.items()}
        for fill in self._hashing_steps:
            fill()
        return values

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if not isinstance(value, dict):
            return value
        mark = next(iter(value), "")
        if mark[:1] != "$":
            return {key: self._value(item) for key, item in value.items()}
        return self._marked(mark, value)

    def _marked(self, mark: str, value: dict[str, Any]) -> Any:
        content = value[mark]
        if mark == "$ref":
            return self._new_objects[content]
        if mark in READERS:
            return READERS[mark](content)
        if mark == "$external":
            return self._external(content)
        if mark == "$class":
            return class_of(content)
        if mark in ("$tuple", "$frozenset"):
            return _SEQUENCES[mark](self._value(item) for item in content)
        container = _empty_container(value)
        self._fill_container(container, value)
        return container

    def _fill_container(self, container: Any, value: Any) -> None:
        if isinstance(value, list):
            container.extend(self._value(item) for item in value)
            return
        mark = next(iter(value), "")
        if mark[:1] != "$":
            container.update((key, self._value(item)) for key, item in value.items())
        elif mark in _MAPPINGS:
            self._fill_pairs(container, value[mark])
        elif mark == "$set":
            items = [self._value(item) for item in value[mark]]
            self._hashing_steps.append(lambda: container.update(items))
        else:
            container.extend(self._value(item) for item in value[mark])

    def _fill_pairs(self, container: Any, pairs: list[list[Any]]) -> None:
        decoded = [(self._value(key), self._value(item)) for key, item in pairs]
        if all(isinstance(key, str | int) for key, _ in decoded):
            dict.update(container, decoded) if type(container) is dict else _set_all(container, decoded)
        else:
            self._hashing_steps.append(lambda: _set_all(container, decoded))

    def _fill_object(self, target: Any, content: dict[str, Any]) -> None:
        for name, item in content.get("state", {}).items():
            _set(target, name, self._value(item))
        for base in type(target).__mro__:
            for name, default in self._left_out.get(base, {}).items():
                _set(target, name, default())
        if "entries" in content:
            self._fill_pairs(target, content["entries"])
        elif "items" in content:
            items = [self._value(item) for item in content["items"]]
            if isinstance(target, set):
                self._hashing_steps.append(lambda: set.update(target, items))
            else:
                base_of(type(target)).extend(target, items)


def _empty(content: dict[str, Any]) -> Any:
    if "$shared" in content:
        return _empty_container(content["$shared"])
    kind = class_of(content["$"])
    if issubclass(kind, Enum):
        return kind[content["member"]]
    base: Any = base_of(kind)
    if base is None:
        raise TypeError(f"{content['$']} cannot be created")
    return base.__new__(kind, content["plain"]) if "plain" in content else base.__new__(kind)


def _empty_container(value: Any) -> Any:
    if isinstance(value, list):
        return []
    mark = next(iter(value), "")
    if mark == "$default":
        return collections.defaultdict(FACTORIES.get(value["of"]))
    if mark == "$deque":
        return collections.deque(maxlen=value.get("most"))
    return _SEQUENCES[mark]() if mark in _SEQUENCES else _MAPPINGS.get(mark, dict)()


def _set_all(container: Any, pairs: list[tuple[Any, Any]]) -> None:
    set_item = base_of(type(container)).__setitem__  # not the class's own, which may do more
    for key, item in pairs:
        set_item(container, key, item)


def _set(target: Any, name: str, value: Any) -> None:
    """Sets an attribute, bypassing properties and `__setattr__` of the class."""
    attributes = getattr(target, "__dict__", None)
    if attributes is None or any(name in slots_of(base) for base in type(target).__mro__):
        object.__setattr__(target, name, value)
    else:
        attributes[name] = value
