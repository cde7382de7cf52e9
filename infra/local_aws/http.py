"""How the server speaks HTTP: quietly, and fast enough for thousands of small objects."""

from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler


class RequestHandler(MotoRequestHandler):
    """moto's request handler without a log line per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: a client sees its own errors, and thousands of lines help nobody."""

    def log_error(self, format: str, *args: Any) -> None:
        """Connection errors are the client's to report."""
