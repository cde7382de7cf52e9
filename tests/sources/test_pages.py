"""Pages of an API: all are landed as received, none twice, and malformed ones are reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tenacity import wait_none

from schemas.formats import Json
from schemas.source import Source
from sources import pages
from sources.pages import PageError, PageSource, PageUnavailable
from tests.fixtures.landing import MemoryLanding

CONTRACT = Source("acme", records={}, tables={}, formats={"orders": Json(collection=("_embedded", "orders"))})
SOURCE = PageSource(CONTRACT, {"orders": "orders?size=2"}, "https://api.example/v1/")
FIRST, SECOND = "https://api.example/v1/orders?size=2", "https://api.example/v1/orders?page=2"


def page(*ids: int, follows: str = "", total: int | None = 3) -> bytes:
    links = {"next": {"href": follows}} if follows else {}
    counted = {} if total is None else {"page": {"totalElements": total}}
    return json.dumps(
        {"_embedded": {"orders": [{"id": order_id} for order_id in ids]}, "_links": links, **counted}
    ).encode()


@pytest.fixture
def landing() -> MemoryLanding:
    return MemoryLanding()


def test_every_page_is_landed_as_received(landing: MemoryLanding) -> None:
    answers = {FIRST: page(1, 2, follows="orders?page=2"), SECOND: page(3)}
    assert SOURCE.extract(landing, get=answers.__getitem__) == {"orders": 3}
    assert [landing.objects[name] for name in landing.names("orders")] == list(answers.values())
    [counts] = landing.slices
    assert (counts.reported, counts.fetched, counts.residual) == (3, 3, 0)


def test_a_page_that_was_landed_is_not_fetched_again(landing: MemoryLanding) -> None:
    requested_uris: list[str] = []

    def get(uri: str) -> bytes:
        requested_uris.append(uri)
        if uri == SECOND and len(requested_uris) == 2:
            raise PageUnavailable("down")
        return {FIRST: page(1, 2, follows="orders?page=2"), SECOND: page(3)}[uri]

    with pytest.raises(PageUnavailable):
        SOURCE.extract(landing, get=get)
    assert SOURCE.extract(landing, get=get) == {"orders": 3}
    assert requested_uris == [FIRST, SECOND, SECOND]


def test_records_that_are_missing_are_a_residual(landing: MemoryLanding) -> None:
    SOURCE.extract(landing, get=lambda uri: page(1, 2))
    [counts] = landing.slices
    assert (counts.reported, counts.fetched, counts.residual) == (3, 2, 1)


def test_an_api_that_gives_no_total_leaves_it_unknown(landing: MemoryLanding) -> None:
    SOURCE.extract(landing, get=lambda uri: page(1, total=None))
    assert landing.slices[0].residual is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "is not JSON"),
        (b"[1]", "is not a page"),
        (page(1, follows="orders?size=2"), "never end"),
        (page(1, follows="https://elsewhere.example/"), "another server"),
        (page(1, follows="file:///etc/passwd"), "another server"),
    ],
)
def test_what_is_no_page_is_said(landing: MemoryLanding, body: bytes, words: str) -> None:
    with pytest.raises(PageError, match=rf"{words}.* What was landed before is kept. Check the address"):
        SOURCE.extract(landing, get=lambda uri: body)


class _Api(BaseHTTPRequestHandler):
    answers: list[tuple[int, bytes]] = []

    def do_GET(self) -> None:
        status, body = self.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Not printed."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a server that gives the answers in turn, without pauses between attempts."""
    monkeypatch.setattr(pages, "wait_exponential_jitter", lambda **_: wait_none())
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_api_that_cannot_now_is_asked_again(landing: MemoryLanding, api: str) -> None:
    _Api.answers = [(503, b""), (429, b""), (200, page(1, 2, 3))]
    assert SOURCE.extract(landing, api) == {"orders": 3}


def test_an_api_that_refuses_is_not(landing: MemoryLanding, api: str) -> None:
    _Api.answers = [(403, b"")]
    with pytest.raises(PageError, match="answers 403"):
        SOURCE.extract(landing, api)
    assert _Api.answers == []


def test_a_folder_stands_in_for_an_api(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_bytes(page(1, 2, 3))
    folder = PageSource(CONTRACT, {"orders": "orders.json"}, f"{tmp_path.as_uri()}/")
    assert folder.extract(landing) == {"orders": 3}
    with pytest.raises(PageError, match="there is no"):
        PageSource(CONTRACT, {"orders": "gone.json"}, f"{tmp_path.as_uri()}/").extract(MemoryLanding())
