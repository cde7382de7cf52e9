"""Splits a raw object into the bytes of its records, each exactly as received.

It tries msgspec, which is fast and demands valid JSON, and then a scanner that only understands brackets and strings.
The scanner keeps one record with a NaN, a lone surrogate or ten thousand brackets from spoiling the rest of its page.

Records are validated one by one from these bytes. This is faster than validating a whole page, whose tree doesn't fit
into the processor's caches, and a rejected record can be kept verbatim.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from schemas.formats import Json

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)
_OPEN, _CLOSE, _COMMA = b"[{", b"]}", ord(",")
BLANK = b" \t\r\n"


class NotJson(ValueError):
    """The body can't be split into records: it is not JSON."""


class ErrorBody(ValueError):
    """The body is an error message of the source instead of records."""


def records_of(body: bytes, page: Json) -> list[bytes]:
    """The bytes of each record of a raw object: a page, an array, JSON Lines, or a single record.

    Raises:
        NotJson: the object isn't JSON; even its brackets don't match.
        ErrorBody: the object is an error message of the source.
    """
    start = body.lstrip(BLANK)[:1]
    if start == b"[":
        return _array(body)
    if start == b"{":
        return _object(body, page)
    raise NotJson("neither a JSON object nor a JSON array" if start else "it is empty")


def _array(body: bytes) -> list[bytes]:
    try:
        return [bytes(record) for record in msgspec.json.decode(body, type=list[msgspec.Raw])]
    except (msgspec.MsgspecError, RecursionError):
        return _scanned_array(body)


def _object(body: bytes, page: Json) -> list[bytes]:
    """A page's records, or the object itself as a single record."""
    try:
        top = msgspec.json.decode(body, type=_top(page))
    except (msgspec.MsgspecError, RecursionError):
        if lines := _lines(body):
            return [record for line in lines for record in _of_line(line, page)]
        return _scanned_object(body, page)
    if page.collection and top.collection and top.collection.records is not msgspec.UNSET:
        return [bytes(record) for record in top.collection.records]
    return _alone(body, {name for name in top.__struct_fields__ if getattr(top, name) is not msgspec.UNSET}, page)


def _alone(body: bytes, marks: set[str], page: Json) -> list[bytes]:
    """The records of an object without a list of them: itself, or none if it is an empty page."""
    if page.record_mark in marks:
        return [body]
    if marks & page.error_marks:
        raise ErrorBody("an error message of the source, not a record")
    return [] if marks & page.page_marks else [body]


@cache
def _top(page: Json) -> Any:
    """The type that msgspec decodes: the path to the records and the marks. Values stay raw."""
    marks = sorted({*page.page_marks, *page.error_marks, page.record_mark})
    fields: list[Any] = [(mark, msgspec.Raw | msgspec.UnsetType, msgspec.UNSET) for mark in marks]
    if page.collection is None:
        return msgspec.defstruct("Top", fields)
    outer, inner = page.collection
    records = msgspec.defstruct(
        "Collection", [("records", list[msgspec.Raw] | msgspec.UnsetType, msgspec.UNSET)], rename={"records": inner}
    )
    fields.append(("collection", records | msgspec.UnsetType | None, msgspec.UNSET))
    return msgspec.defstruct("Top", fields, rename={"collection": outer})


def _lines(body: bytes) -> list[bytes]:
    """The lines, if the body is JSON Lines. Any line except the first, or any except the last, may be broken."""
    lines = [line for line in body.splitlines() if line.strip(BLANK)]
    if len(lines) < 2:
        return []
    broken_first = all(line.lstrip(BLANK).startswith(b"{") for line in lines) and _is_closed(lines[-1])
    return lines if _is_closed(lines[0]) or broken_first else []


def _of_line(line: bytes, page: Json) -> list[bytes]:
    """The records of a line that is a page. Any other line is one record, even if it is broken."""
    try:
        return _object(line, page)
    except (NotJson, ErrorBody):
        return [line]


def _is_closed(text: bytes) -> bool:
    """Whether the brackets and strings of a text form exactly one object."""
    try:
        deque(_parts(text, b"{"), maxlen=0)
    except NotJson:
        return False
    return True


def _scanned_array(body: bytes) -> list[bytes]:
    return [body[start:end].strip(BLANK) for start, end in _parts(body, b"[")]


def _scanned_object(body: bytes, page: Json) -> list[bytes]:
    members = _members(body)
    outer, inner = page.collection or ("", "")
    if page.collection and members.get(outer, b"").startswith(b"{"):
        records = _members(members[outer]).get(inner, b"")
        if records.startswith(b"["):
            return _scanned_array(records)
    return _alone(body, set(members), page)


def _members(body: bytes) -> dict[str, bytes]:
    """Keys and values of an object. The last value of a repeated key counts, as in JSON parsers."""
    members = {}
    for start, end in _parts(body, b"{"):
        name = _TOKEN.match(body, start + len(body[start:end]) - len(body[start:end].lstrip(BLANK)))
        if name and name[0].startswith(b'"'):
            value = body[name.end() : end].strip(BLANK)
            members[name[0][1:-1].decode(errors="replace")] = value.removeprefix(b":").strip(BLANK)
    return members


def _parts(body: bytes, opening: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each element between the commas of a list or object."""
    start = len(body) - len(body.lstrip(BLANK))
    if body[start : start + 1] != opening:
        raise NotJson(f"{opening.decode()} expected")
    depth = 0
    since = start + 1
    for token in _TOKEN.finditer(body, start):
        sign = body[token.start()]
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
            if depth == 0:
                if body[since : token.start()].strip(BLANK):
                    yield since, token.start()
                if body[token.end() :].strip(BLANK):
                    raise NotJson("there is text after its end")
                return
        elif sign == _COMMA and depth == 1:
            yield since, token.start()
            since = token.end()
    raise NotJson("it ends before it is complete")
