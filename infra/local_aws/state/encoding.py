"""Objects of any shape as JSON: cycles, shared references, classes of moto's that nobody listed.

Every object has an id, and whatever refers to it says `{"$ref": id}`. An object that holds what cannot be kept (a lock,
a thread, a socket, a generator, a function) is left out alone: it disappears from the lists and dicts that held it, and
an object that has it as an attribute goes with it. Lists and dicts belong to the object that holds them: one that two
objects share comes back as two.

    encoded = encode({"roles": backend.roles})
    decode(json.loads(encoded.text()))["roles"]

`decode` is in `decoding`; which classes come back is decided in `classes`.
"""

import hashlib
import io
import json
import pickle  # written only, to see quickly whether an object has changed; never read
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .body import MAPPINGS, SEQUENCES, Body, External, Lost, attributes
from .classes import class_of, name_of
from .scalars import SCALARS

__all__ = ["Encoded", "Encoder", "External", "Lost", "encode"]

_VALUES = frozenset({*SCALARS, *MAPPINGS, *SEQUENCES, list})


@dataclass(slots=True)
class Encoded:
    """What was encoded, as texts of JSON.

    Attributes:
        values: the values by name.
        objects: the objects that they refer to, by id.
        lost: what was left out.
    """

    values: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    def text(self) -> str:
        """JSON for `decode`, one line for each object: a person can search it, and two of them can be compared."""
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
    """Encodes named values and all that they refer to, once. See `Encoder`."""
    return Encoder(left_out, external).encode(values)


@dataclass(slots=True)
class _Part:
    """An object or named value, and what came of it.

    Attributes:
        value: it; held, lest its `id()` is given to another.
        number: its id in the file, or its name.
        fingerprint: of what it was made of then.
        texts: JSON by id.
        body: the rest of it.
    """

    value: Any
    number: str
    fingerprint: bytes | None
    texts: dict[str, str]
    body: Body

    @property
    def name(self) -> str:
        """Its ARN, name or id as a user knows it; else its number."""
        found = getattr(self.value, "__dict__", {})
        return next((str(found[key]) for key in ("arn", "name", "id") if found.get(key)), self.number)


class Encoder:
    """Encodes the same values again and again; what has not changed since the last time is not encoded again.

    Args:
        left_out: attributes that are not kept, by the class's name such as `moto.glue.models:FakeJob`; `decode` gives
            them their empty value.
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
        """Encodes named values and all that they refer to. Never fails because of what it meets: see `Encoded.lost`."""
        before, parts = self._parts, dict[int, _Part]()
        roots = [self._root(name, value) for name, value in values.items()]
        waiting = [child for root in roots for child in (*root.body.needs, *root.body.holds)]
        for value in waiting:  # grows while it is walked
            if id(value) not in parts:
                part = parts[id(value)] = self._part(value, before.get(id(value)))
                waiting += part.body.needs
                waiting += part.body.holds
        self._parts, self._numbers = parts, {key: part.number for key, part in parts.items()}
        return self._without_lost(roots, parts)

    def _number(self, value: Any) -> str:
        number = self._numbers.get(id(value))
        if number is None:
            self._last_number += 1
            number = self._numbers[id(value)] = str(self._last_number)
        return number

    def _root(self, name: str, value: Any, gone: Container[int] = ()) -> _Part:
        body = self._body(name, gone, lambda body: body.of_value(value))
        return _Part(value, name, None, _texts(body), body)

    def _part(self, value: Any, known: _Part | None, gone: Container[int] = ()) -> _Part:
        kind, number = type(value), self._number(value)
        skipped = [names for base, names in self._left_out.items() if issubclass(kind, base)]
        state = attributes(value, frozenset().union(*skipped))
        fingerprint = _fingerprint(state, value)
        if known is not None and fingerprint is not None and fingerprint == known.fingerprint and not gone:
            return known
        body = self._body(number, gone, lambda body: body.of_object(value, state))
        return _Part(value, number, None if gone else fingerprint, _texts(body), body)

    def _body(self, number: str, gone: Container[int], fill: Callable[[Body], None]) -> Body:
        body = Body(number, self._number, self._external, gone)
        try:
            fill(body)
            if body.twice:
                body = Body(number, self._number, self._external, gone, body.twice)
                fill(body)
        except Exception as error:  # noqa: BLE001  whatever an object does when it is looked at, the others are kept
            body.reason = f"attributes that cannot be read ({error!r})"
        return body

    def _without_lost(self, roots: list[_Part], parts: dict[int, _Part]) -> Encoded:
        """Leaves out what cannot be kept, and what cannot be without it."""
        result = Encoded(lost=[lost for root in roots for lost in root.body.lost])
        reasons = {key: part.body.reason for key, part in parts.items() if part.body.reason is not None}
        while reasons and (more := _in_need(parts, reasons)):
            reasons |= more
        result.lost += [_lost(parts[key], reason) for key, reason in reasons.items()]
        for root in roots:
            reason = root.body.reason or next(
                (reasons[id(need)] for need in root.body.needs if id(need) in reasons), None
            )
            if reason is not None:
                result.lost.append(_lost(root, reason))
                continue
            cleaned = self._root(root.number, root.value, reasons) if _holds(root, reasons) else root
            result.values[root.number] = cleaned.texts.pop(root.number)
            result.objects |= cleaned.texts
        for key, part in parts.items():
            if key not in reasons:
                cleaned = self._part(part.value, None, reasons) if _holds(part, reasons) else part
                result.objects |= cleaned.texts
        return result


def _holds(part: _Part, reasons: Mapping[int, str]) -> bool:
    return bool(reasons) and any(id(value) in reasons for value in part.body.holds)


def _in_need(parts: Mapping[int, _Part], reasons: Mapping[int, str]) -> dict[int, str]:
    return {
        key: f"it needs {parts[id(need)].name}, which has {reasons[id(need)]}"
        for key, part in parts.items()
        if key not in reasons
        for need in part.body.needs
        if id(need) in reasons
    }


def _lost(part: _Part, reason: str) -> Lost:
    kind: Any = type(part.value)
    return Lost(name_of(kind) or kind.__qualname__, part.name, reason)


def _texts(body: Body) -> dict[str, str]:
    texts = {number: json.dumps(content) for number, content in body.contents.items()}
    body.forget()
    return texts


class _Fingerprints(pickle.Pickler):
    """Writes what an object is made of; of other objects only which they are."""

    def reducer_override(self, obj: Any) -> Any:
        """Called for everything but plain values, lists and dicts."""
        return NotImplemented if type(obj) in _VALUES or obj is int else (int, (id(obj),))


def _fingerprint(state: list[tuple[str, Any]], value: Any) -> bytes | None:
    """Differs if the object has changed; None if that cannot be seen."""
    content: Any = state
    if isinstance(value, dict):
        content = (state, list(dict.items(value)))
    elif isinstance(value, list | set | tuple):
        content = (state, list(value))
    output = io.BytesIO()
    try:
        _Fingerprints(output, 5).dump(content)
    except Exception:  # noqa: BLE001  whatever it is: the object is then encoded once more
        return None
    return hashlib.blake2b(output.getbuffer(), digest_size=16).digest()
