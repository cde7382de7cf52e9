"""A server of files on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FileServer:
    """Serves what it is told to.

    Attributes:
        url: where.
        files: bytes by path.
        answers: status and headers by path, for everything else; the first of the list is used up.
        asked: the paths asked for.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.asked: list[str] = []


@pytest.fixture
def server() -> Iterator[FileServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0].removeprefix("/")
            files.asked.append(path)
            status, headers = files.answers[path].pop(0) if files.answers.get(path) else (200, {})
            if status == 200 and path not in files.files:
                status = 404
            body = files.files.get(path, b"") if status == 200 else b""
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        files = FileServer(f"http://127.0.0.1:{running.server_port}")
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield files
        running.shutdown()
        thread.join()
