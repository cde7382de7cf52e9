"""The envelope around a page of results, and its links: relative, encoded, and without the key."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from urllib.parse import quote

from .query import Query

Links = dict[str, dict[str, str]]


def page_body(path: str, query: Query, key: str, bodies: Sequence[bytes], page: int, size: int, total: int) -> bytes:
    """One page as JSON. `path` is the requested path, `total` the reported number of results."""
    pages = -(-total // size)
    numbers = {"size": size, "totalElements": total, "totalPages": pages, "number": page}
    tail = f'"_links": {json.dumps(page_links(path, query, page, size, pages))}, "page": {json.dumps(numbers)}}}'
    if not bodies:
        return f"{{{tail}".encode()
    return b"".join([f'{{"_embedded": {{"{key}": ['.encode(), b", ".join(bodies), b"]}, ", tail.encode()])


def page_links(path: str, query: Query, page: int, size: int, pages: int) -> Links:
    """Links of a page: only `self` if there is one page; no `prev` on the first and no `next` on the last."""
    links = {"self": self_href(path, query)}
    if pages > 1:
        numbers = {"first": 0, "prev": page - 1, "next": page + 1, "last": pages - 1}
        if page == 0:
            del numbers["prev"]
        if page >= pages - 1:
            del numbers["next"]
        links |= {name: _page_href(path, query, number, size) for name, number in numbers.items()}
    order = ("first", "prev", "self", "next", "last")
    return {name: {"href": links[name]} for name in order if name in links}


def self_href(path: str, query: Query) -> str:
    """The request as it was sent, except for the key and the order of parameters."""
    pairs = _echoed(query)
    return f"{path}?{_encode(pairs)}" if pairs else path


def _page_href(path: str, query: Query, page: int, size: int) -> str:
    other_parameters = [(name, value) for name, value in _echoed(query) if name not in {"page", "size", "sort"}]
    href = f"{path}?{_encode([*other_parameters, ('page', str(page)), ('size', str(size))])}"
    sort = query.one("sort")
    return f"{href}&sort={quote(sort, safe=',')}" if sort else href  # here, unlike in self, the comma stays


def _echoed(query: Query) -> list[tuple[str, str]]:
    """All parameters except the key, in the server's own order."""
    pairs = [(name, value) for name, value in query.pairs if name != "apikey"]
    return sorted(pairs, key=lambda pair: zlib.crc32(pair[0].encode()))


def _encode(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
