"""Objects of any shape as JSON: cycles, shared references, any class of moto's.

Every object has an id, and references to it are `{"$ref": id}`. An object with a part that can't be saved (a lock, a
thread, a socket, a generator, a function) is left out: it disappears from the lists and dicts that contain it, and an
object with it as an attribute is left out too. Lists and dicts belong to the object that contains them: if two objects
share one, each gets a copy.

    encoded = encode({"roles": backend.roles})
    decode(json.loads(encoded.text()))["roles"]

`decode` is in `decoding`; `classes` decides which classes are allowed.
"""

import hashlib
import io
import json
import pickle  # only written, for a quick check whether an object has changed; never read
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .body import MAPPINGS, SEQUENCES, Body, External, Omission, attributes
from .classes import class_of, name_of
from .scalars import SCALARS

__all__ = ["Encoded", "Encoder", "External", "Omission", "encode"]

_VALUES = frozenset({*SCALARS, *MAPPINGS, *SEQUENCES, list})


@dataclass(slots=True)
class Encoded:
    """The result of encoding, as JSON texts.

    Attributes:
        values: the values by name.
        objects: the objects that they refer to, by id.
        omissions: the objects that were left out.
    """

    values: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    omissions: list[Omission] = field(default_factory=list)

    def text(self) -> str:
        """JSON for `decode`, with one line per object, so that you can search it and compare two of them."""
        return f'{{"values": {{\n{_lines(self.values)}\n}},\n"objects": {{\n{_lines(self.objects)}\n}}}}'

    def as_json(self) -> dict[str, Any]:
        """The same, parsed."""
        content: dict[str, Any] = json.loads(self.text())
        return content


def _lines(texts: Mapping[str, str]) -> str:
    return ",\n".join([f"{json.dumps(name)}: {text}" for name, text in texts.items()])


def encode(
    values: Mapping[str, Any],
    *,
    left_out: Mapping[str, Iterable[str]] | None = None,
    external: External = lambda _: None,
) -> Encoded:
    """Encodes named values and everything that they refer to, once. See `Encoder`."""
    return Encoder(left_out, external).encode(values)


@dataclass(slots=True)
class _Part:
    """An object or named value, with its encoding.

    Attributes:
        value: the object itself; the reference prevents that another object gets its `id()`.
        number: its id in the file, or its name.
        fingerprint: of its contents when it was encoded.
        texts: JSON by id.
        body: the other results.
    """

    value: Any
    number: str
    fingerprint: bytes | None
    texts: dict[str, str]
    body: Body

    @property
    def name(self) -> str:
        """Its ARN, name or id as a user knows it; else its number."""
        attributes = getattr(self.value, "__dict__", {})
        return next((str(attributes[key]) for key in ("arn", "name", "id") if attributes.get(key)), self.number)


class Encoder:
    """Encodes the same values repeatedly. Only encodes objects that have changed since the last time.

    Args:
        left_out: attributes that are not saved, by class name such as `moto.glue.models:FakeJob`; `decode` sets their
            empty value.
        external: names objects that exist anyway, such as a backend.
    """

    def __init__(
        self, left_out: Mapping[str, Iterable[str]] | None = None, external: External = lambda _: None
    ) -> None:
        self._left_out = {class_of(name): frozenset(names) for name, names in (left_out or {}).items()}
        self._external = external
        self._parts: dict[int, _Part] = {}
        self._numbers: dict[int, str] = {}
        self._last_number = 0

    def encode(self, values: Mapping[str, Any]) -> Encoded:
        """Encodes named values and everything that they refer to. Never fails: see `Encoded.omissions`."""
        old_parts = self._parts
        parts = dict[int, _Part]()
        roots = [self._root(name, value) for name, value in values.items()]
        waiting = [child for root in roots for child in (*root.body.required, *root.body.contained)]
        for value in waiting:  # grows during the loop
            if id(value) not in parts:
                part = parts[id(value)] = self._part(value, old_parts.get(id(value)))
                waiting += part.body.required
                waiting += part.body.contained
        self._parts = parts
        self._numbers = {key: part.number for key, part in parts.items()}
        return self._without_lost(roots, parts)

    def _number(self, value: Any) -> str:
        number = self._numbers.get(id(value))
        if number is None:
            self._last_number += 1
            number = self._numbers[id(value)] = str(self._last_number)
        return number

    def _root(self, name: str, value: Any, omitted: Container[int] = ()) -> _Part:
        body = self._body(name, omitted, lambda body: body.of_value(value))
        return _Part(value, name, None, _texts(body), body)

    def _part(self, value: Any, old_part: _Part | None, omitted: Container[int] = ()) -> _Part:
        kind = type(value)
        number = self._number(value)
        skipped = [names for base, names in self._left_out.items() if issubclass(kind, base)]
        state = attributes(value, frozenset().union(*skipped))
        fingerprint = _fingerprint(state, value)
        if old_part is not None and fingerprint is not None and fingerprint == old_part.fingerprint and not omitted:
            return old_part
        body = self._body(number, omitted, lambda body: body.of_object(value, state))
        return _Part(value, number, None if omitted else fingerprint, _texts(body), body)

    def _body(self, number: str, omitted: Container[int], fill: Callable[[Body], None]) -> Body:
        body = Body(number, self._number, self._external, omitted)
        try:
            fill(body)
            if body.shared:
                body = Body(number, self._number, self._external, omitted, body.shared)
                fill(body)
        except Exception as error:  # noqa: BLE001  whatever an object does when it is read, save the others
            body.reason = f"attributes that cannot be read ({error!r})"
        return body

    def _without_lost(self, roots: list[_Part], parts: dict[int, _Part]) -> Encoded:
        """Leaves out objects that can't be saved, and objects that require them."""
        result = Encoded(omissions=[omissions for root in roots for omissions in root.body.omissions])
        reasons = {key: part.body.reason for key, part in parts.items() if part.body.reason is not None}
        while reasons and (dependents := _in_need(parts, reasons)):
            reasons |= dependents
        result.omissions += [_omission(parts[key], reason) for key, reason in reasons.items()]
        for root in roots:
            reason = root.body.reason or next(
                (reasons[id(need)] for need in root.body.required if id(need) in reasons), None
            )
            if reason is not None:
                result.omissions.append(_omission(root, reason))
                continue
            cleaned = self._root(root.number, root.value, reasons) if _contains_omitted(root, reasons) else root
            result.values[root.number] = cleaned.texts.pop(root.number)
            result.objects |= cleaned.texts
        for key, part in parts.items():
            if key not in reasons:
                cleaned = self._part(part.value, None, reasons) if _contains_omitted(part, reasons) else part
                result.objects |= cleaned.texts
        return result


def _contains_omitted(part: _Part, reasons: Mapping[int, str]) -> bool:
    return bool(reasons) and any(id(value) in reasons for value in part.body.contained)


def _in_need(parts: Mapping[int, _Part], reasons: Mapping[int, str]) -> dict[int, str]:
    return {
        key: f"it needs {parts[id(value)].name}, which has {reasons[id(value)]}"
        for key, part in parts.items()
        if key not in reasons
        for value in part.body.required
        if id(value) in reasons
    }


def _omission(part: _Part, reason: str) -> Omission:
    kind: Any = type(part.value)
    return Omission(name_of(kind) or kind.__qualname__, part.name, reason)


def _texts(body: Body) -> dict[str, str]:
    texts = {number: json.dumps(content) for number, content in body.contents.items()}
    body.forget()
    return texts


class _Fingerprints(pickle.Pickler):
    """Pickles the contents of an object. Of other objects, it only pickles their identity."""

    def reducer_override(self, obj: Any) -> Any:
        """Called for everything except plain values, lists and dicts."""
        return NotImplemented if type(obj) in _VALUES or obj is int else (int, (id(obj),))


def _fingerprint(state: list[tuple[str, Any]], value: Any) -> bytes | None:
    """Differs if the object has changed. None if that can't be determined."""
    content: Any = state
    if isinstance(value, dict):
        content = (state, list(dict.items(value)))
    elif isinstance(value, list | set | tuple):
        content = (state, list(value))
    output = io.BytesIO()
    try:
        _Fingerprints(output, 5).dump(content)
    except Exception:  # noqa: BLE001  whatever the error, the object is then encoded again
        return None
    return hashlib.blake2b(output.getbuffer(), digest_size=16).digest()
