"""Cuts a raw object into the bytes of its records, each exactly as it came.

Two ways: msgspec, which is fast and demands JSON; and a scanner that only understands brackets and strings, so that
one record with a NaN, a lone surrogate or ten thousand brackets does not take the rest of its page with it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]', re.DOTALL)
_OPEN, _CLOSE = b"[{", b"]}"
_BLANK = b" \t\r\n"


class Unbalanced(ValueError):
    """Brackets or strings do not close: where a record ends cannot be told."""


def elements(body: bytes, path: tuple[str, ...] = ()) -> list[bytes]:
    """The bytes of each element of the list at a path of keys (the top itself when the path is empty).

    Raises:
        Unbalanced: the body is not JSON even as far as brackets go, or there is no list at the path.
    """
    try:
        found = msgspec.json.decode(body, type=_shape(path))
        for key in path:
            found = found[key] if isinstance(found, dict) else getattr(found, _name(key))
        return [bytes(each) for each in found]
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return _scanned(body, path)


@cache
def _shape(path: tuple[str, ...]) -> Any:
    """What msgspec is to decode: only the way to the list, its elements left raw."""
    shape: Any = list[msgspec.Raw]
    for key in reversed(path):
        shape = msgspec.defstruct("Step", [(_name(key), shape)], rename={_name(key): key})
    return shape


def _name(key: str) -> str:
    return f"step_{key.strip('_')}"


def _scanned(body: bytes, path: tuple[str, ...]) -> list[bytes]:
    for key in path:
        body = _member(body, key)
    return [body[start:end].strip(_BLANK) for start, end in _parts(body, b"[")]


def _member(body: bytes, key: str) -> bytes:
    """The value of an object's key; the last one when the key is repeated, as JSON readers have it."""
    wanted, found = b'"%s"' % key.encode(), None
    for start, end in _parts(body, b"{"):
        name, colon, value = body[start:end].strip(_BLANK).partition(b":")
        if colon and name.rstrip(_BLANK) == wanted:
            found = value
    if found is None:
        raise Unbalanced(f"there is no {key!r}")
    return found


def _parts(body: bytes, opening: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what lies between the commas of a list or object."""
    start = len(body) - len(body.lstrip(_BLANK))
    if body[start : start + 1] != opening:
        raise Unbalanced(f"{opening!r} expected")
    depth, since = 0, start + 1
    for token in _TOKEN.finditer(body, start):
        sign = body[token.start()]
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
            if depth == 0:
                if body[since : token.start()].strip(_BLANK):
                    yield since, token.start()
                if body[token.end() :].strip(_BLANK):
                    raise Unbalanced("something follows the last bracket")
                return
        elif sign == 0x2C and depth == 1:
            yield since, token.start()
            since = token.end()
    raise Unbalanced("a bracket is not closed")


def is_closed(text: bytes) -> bool:
    """Whether brackets and strings of a text open and close as those of one JSON value do."""
    opening = text.lstrip(_BLANK)[:1]
    if opening not in {b"{", b"["}:
        return False
    try:
        deque(_parts(text, opening), maxlen=0)
    except Unbalanced:
        return False
    return True
