"""Decides which requests a local server refuses because a foreign web page may have sent them.

A user of this machine may open any page in a browser, and that page may send requests to servers on this machine.
Either it does so directly: the browser then sends the page's `Origin`, or `Sec-Fetch-Site: cross-site`. Or it uses a
name of its own that suddenly resolves to 127.0.0.1 (DNS rebinding): the `Host` is then the page's. The servers of the
local stack don't require a password, so each of them refuses both, with 403 and a sentence.

There is one decision, `refusal`, and a middleware for each kind of Python web server, `WsgiGuard` and `AsgiGuard`. A
program that is not a browser sends neither header, and its `Host` is the server that it calls.

Sources: https://www.w3.org/TR/fetch-metadata/, https://developer.mozilla.org/docs/Web/HTTP/Headers/Origin
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?")
_LOOPBACK_NAME = "localhost"
"""Includes every name below it, such as a bucket's: browsers resolve them to this machine without DNS (RFC 6761)."""
_OWN_SITES = ("same-origin", "none")
"""Sent by a page of this server, and when the user typed the address or opened a bookmark."""


def refusal(headers: Mapping[str, str], hosts: Iterable[str] = (), *, allows_links: bool = False) -> str | None:
    """Why a request must be refused, or None if it may pass.

    Args:
        headers: the request's headers, by their names in lower case; repeated ones are joined by commas.
        hosts: names of the server in addition to those of the loopback; names below them count too.
        allows_links: whether a link on a foreign page may open a page of this server, in its own tab.
    """
    host = headers.get("host", "").strip().lower()
    if host and not _is_own(host, hosts):
        return (
            f"the request is for the host {host!r}, which is not a name of this server. If it is one, allow it: "
            "BOXOFFICE_ALLOWED_HOSTS, or --allow-host of the server's own command"
        )
    origin = headers.get("origin")
    if origin is not None and not _is_same(origin, host):
        return f"a web page of {origin!r} sent the request, and only pages of this server may"
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OWN_SITES and not (allows_links and _is_link(headers)):
        return f"a web page of another server sent the request (Sec-Fetch-Site: {site})"
    return None


def _is_own(host: str, hosts: Iterable[str]) -> bool:
    parts = _HOST.fullmatch(host)
    if parts is None:
        return False
    name = parts[1].strip("[]").removesuffix(".")
    try:
        return ipaddress.ip_address(name).is_loopback or name in hosts
    except ValueError:
        return any(name == own_name or name.endswith(f".{own_name}") for own_name in (_LOOPBACK_NAME, *hosts))


def _is_same(origin: str, host: str) -> bool:
    """Whether an origin is the server's own. `null`, which sandboxed pages and files send, never is."""
    parts = urlsplit(origin.strip().lower())
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc == host


def _is_link(headers: Mapping[str, str]) -> bool:
    """Whether the request opens a page in a tab, unlike a frame, a form's POST or a script's request."""
    return (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and "origin" not in headers
    )


def _words(reason: str) -> bytes:
    return f"Refused: {reason}\n".encode("utf-8", "replace")


_HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]

_StartResponse = Callable[..., Any]
_Wsgi = Callable[[dict[str, Any], _StartResponse], Iterable[bytes]]


class WsgiGuard:
    """WSGI middleware, the outermost one: refuses requests according to `refusal`, and passes on the rest.

    Args:
        application: handles permitted requests.
        hosts: names of the server in addition to those of the loopback.
        allows_links: whether links on foreign pages may open pages of this server.
    """

    def __init__(self, application: _Wsgi, hosts: Iterable[str] = (), *, allows_links: bool = False) -> None:
        self._application = application
        self._hosts = tuple(name.lower() for name in hosts)
        self._allows_links = allows_links

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        """Handles one request."""
        prefix = "HTTP_"
        headers = {
            name.removeprefix(prefix).replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith(prefix)
        }
        reason = refusal(headers, self._hosts, allows_links=self._allows_links)
        if reason is None:
            return self._application(environ, start_response)
        words = _words(reason)
        start_response("403 Forbidden", [*_HEADERS, ("Content-Length", str(len(words)))])
        return [words]


_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Asgi = Callable[[_Message, _Receive, _Send], Awaitable[None]]


class AsgiGuard:
    """ASGI middleware: refuses requests and WebSockets according to `refusal`, and passes on the rest.

    Args:
        app: handles permitted requests.
        hosts: names of the server in addition to those of the loopback.
        allows_links: whether links on foreign pages may open pages of this server.
    """

    def __init__(self, app: _Asgi, hosts: Iterable[str] = (), *, allows_links: bool = True) -> None:
        self._app = app
        self._hosts = tuple(name.lower() for name in hosts)
        self._allows_links = allows_links

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Handles one request, or one WebSocket."""
        reason = None
        if scope["type"] in ("http", "websocket"):
            reason = refusal(_sent(scope["headers"]), self._hosts, allows_links=self._allows_links)
        if reason is None:
            await self._app(scope, receive, send)
            return
        message_type = "http.response"
        if scope["type"] == "websocket":
            await receive()
            message_type = "websocket.http.response"
            if message_type not in scope.get("extensions", {}):
                await send(
                    {"type": "websocket.close", "code": 1008, "reason": "foreign origin"}
                )  # a 403 without a body
                return
        headers = [(name.lower().encode(), value.encode()) for name, value in _HEADERS]
        await send({"type": f"{message_type}.start", "status": 403, "headers": headers})
        await send({"type": f"{message_type}.body", "body": _words(reason)})


def _sent(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    result: dict[str, str] = {}
    for name, value in headers:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        result[key] = f"{result[key]},{text}" if key in result else text
    return result
