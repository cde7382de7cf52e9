"""A server of files on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO

import pytest


class FileServer:
    """Serves the files and answers that a test sets.

    Attributes:
        url: the server's address.
        files: bytes by path.
        answers: status and headers by path, for everything else; the first of the list is used up.
        asked: the paths asked for.
        queries: the query strings of those requests.
        drips: paths of files that come a byte at a time, so slowly that no client reaches their end.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.asked: list[str] = []
        self.queries: list[str] = []
        self.drips: set[str] = set()
        self.closing = threading.Event()


@pytest.fixture
def server() -> Iterator[FileServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.removeprefix("/").partition("?")
            files.asked.append(path)
            files.queries.append(query)
            status, headers = files.answers[path].pop(0) if files.answers.get(path) else (200, {})
            if status == 200 and path not in files.files:
                status = 404
            body = files.files.get(path, b"") if status == 200 else b""
            self.send_response_only(status)  # and no date of its own
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if path in files.drips:
                drip(self.wfile, body)
            else:
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    def drip(out: IO[bytes], body: bytes) -> None:
        with suppress(OSError):  # the client has had enough
            for position in range(len(body)):
                out.write(body[position : position + 1])
                if files.closing.wait(0.01):
                    return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        files = FileServer(f"http://127.0.0.1:{running.server_port}")
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield files
        files.closing.set()
        running.shutdown()
        thread.join()
