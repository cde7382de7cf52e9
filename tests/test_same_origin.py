"""Requests that a server of the stack refuses because a foreign web page may have sent them, header by header."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from same_origin import AsgiGuard, WsgiGuard, refusal

OWN = "127.0.0.1:4566"
NAMES = ("aws", "box.example")

OWN_HOSTS = [
    "127.0.0.1",
    OWN,
    "127.8.9.1:80",
    "localhost",
    "LOCALHOST:4566",
    "localhost.:4566",
    "[::1]:4566",
    "lake.localhost:4566",
    "lake.s3.localhost:4566",
    "aws:4566",
    "lake.aws:4566",
    "box.example",
]
FOREIGN_HOSTS = [
    "evil.example:4566",
    "127.0.0.1.evil.example",
    "localhost.evil.example:4566",
    "notlocalhost:4566",
    "myaws:4566",
    "192.0.2.7:4566",
    "0.0.0.0:4566",
    "[2001:db8::1]:4566",
    "s3.amazonaws.com",
    "evil.example@127.0.0.1:4566",
    "127.0.0.1:4566,evil.example",
    "127.0.0.1:port",
    "evil.example#.localhost:80",
    "[::1",
]


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_a_name_of_the_loopback_or_one_that_was_allowed_is_the_servers_own(host: str) -> None:
    assert refusal({"host": host}, NAMES) is None
    assert refusal({"host": host, "origin": f"http://{host}"}, NAMES) is None


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_another_host_is_refused_with_what_to_do(host: str) -> None:
    reason = refusal({"host": host, "origin": f"http://{host}", "sec-fetch-site": "same-origin"}, NAMES)
    assert reason is not None
    assert "not a name of this server" in reason
    assert "BOXOFFICE_ALLOWED_HOSTS" in reason


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://evil.example:4566",
        "http://127.0.0.1:9999",
        "http://localhost:4566",
        "http://127.0.0.1",
        "null",
        "",
        "file://",
        f"ftp://{OWN}",
        f"http://{OWN}, http://evil.example",
        f"http://{OWN}@evil.example",
        f"http://{OWN}.evil.example",
    ],
)
def test_another_origin_is_refused_also_from_another_port_of_this_machine(origin: str) -> None:
    assert "a web page of" in (refusal({"host": OWN, "origin": origin}) or "")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
@pytest.mark.parametrize("mode", ["no-cors", "navigate"])
def test_a_request_without_an_origin_is_refused_by_what_the_browser_says_of_the_page(site: str, mode: str) -> None:
    """An image, a script, a link."""
    sent = {"host": OWN, "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": "document"}
    assert f"Sec-Fetch-Site: {site}" in (refusal(sent) or "")


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_servers_own_pages_and_typed_addresses_are_answered(site: str) -> None:
    assert refusal({"host": OWN, "sec-fetch-site": site}) is None


def test_a_program_that_is_no_browser_is_answered() -> None:
    assert refusal({"host": OWN, "user-agent": "Boto3/1.40"}) is None
    assert refusal({}) is None, "HTTP/1.0 without a host: browsers always name one"


def test_a_link_may_open_a_page_where_links_are_allowed_but_no_frame_and_no_form() -> None:
    link = {"host": OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert refusal(link, allows_links=True) is None
    for more in ({"sec-fetch-dest": "iframe"}, {"sec-fetch-mode": "no-cors"}, {"origin": "https://evil.example"}):
        assert refusal(link | more, allows_links=True) is not None, more


def test_wsgi_refuses_with_403_in_words_and_hands_on_the_rest() -> None:
    response: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        return [b"secret"]

    guard = WsgiGuard(application, ["AWS"])
    assert guard({"HTTP_HOST": "aws:4566"}, response.append) == [b"secret"]
    environ = {"HTTP_HOST": OWN, "HTTP_ORIGIN": "https://evil.example"}
    (words,) = guard(environ, lambda status, headers: response.extend([status, dict(headers)]))
    assert words.decode().startswith("Refused: a web page of 'https://evil.example' sent the request")
    assert response[0] == "403 Forbidden"
    assert not [name for name in response[1] if name.lower().startswith("access-control")]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("headers", "is_answered"),
    [
        ([(b"host", OWN.encode())], True),
        ([(b"host", OWN.encode()), (b"origin", f"http://{OWN}".encode())], True),
        ([(b"host", OWN.encode()), (b"Origin", b"http://evil.example")], False),
        ([(b"host", OWN.encode()), (b"host", b"evil.example")], False),
        ([(b"host", b"evil.example")], False),
    ],
    ids=["a program", "its own page", "a foreign page", "two hosts", "another host"],
)
def test_asgi_refuses_requests_and_websockets(kind: str, headers: list[tuple[bytes, bytes]], is_answered: bool) -> None:
    answered, sent = [], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        answered.append(scope)

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(AsgiGuard(app)({"type": kind, "headers": headers}, receive, send))
    assert bool(answered) is is_answered
    if not is_answered:
        assert sent[0].get("status") == 403 or (sent[0]["type"], sent[0]["code"]) == ("websocket.close", 1008)


def test_asgi_hands_on_what_is_no_request() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(AsgiGuard(app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
