"""Keeps the API key out of messages, logs and landed bodies."""

from __future__ import annotations

import logging
from urllib.parse import quote, quote_plus

from pydantic import SecretStr
from requests import PreparedRequest
from requests.auth import AuthBase

_MASK = "[api key]"
# urllib3 writes request lines, query string and all, to these loggers.
_TALKATIVE = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")


class ApiKey(AuthBase):
    """Adds the key to a request at the last moment, so that no other code has a URL or parameters with it.

    Raises:
        ValueError: the key is empty.
    """

    def __init__(self, key: str | SecretStr) -> None:
        self._key = key if isinstance(key, SecretStr) else SecretStr(key)
        if not self._key.get_secret_value().strip():
            raise ValueError("The Discovery API key is empty: set TICKETMASTER_API_KEY, or store it in its secret.")

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the key into the request's URL."""
        request.prepare_url(request.url, {"apikey": self._key.get_secret_value()})
        return request

    def __repr__(self) -> str:
        return "ApiKey(…)"

    def redact(self, text: str) -> str:
        """The text without the key, in any of its encodings."""
        for form in self._forms():
            text = text.replace(form, _MASK)
        return text

    def redact_body(self, body: bytes) -> bytes:
        """A body without the key. Bodies never contain it, unless a gateway's page echoes the request."""
        for form in self._forms():
            encoded = form.encode()
            # Redacting a toy key such as "x" would destroy every body, and it needs no protection.
            if len(encoded) >= 8 and encoded in body:
                body = body.replace(encoded, _MASK.encode())
        return body

    def hide_in_logs(self) -> None:
        """From now on, remove the key from the HTTP library's log lines."""
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(self._redact_record)

    def release_logs(self) -> None:
        """Undo `hide_in_logs`."""
        for name in _TALKATIVE:
            logging.getLogger(name).removeFilter(self._redact_record)

    def _redact_record(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.redact(record.getMessage()), ()
        return True

    def _forms(self) -> set[str]:
        key = self._key.get_secret_value()
        return {key, quote(key), quote(key, safe=""), quote_plus(key)}
