"""WSGI middleware: every call is answered by the application behind it, unless its role may not make it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from infra.local_aws.access.callers import Signature, UnknownSession, behind, signature
from infra.local_aws.access.calls import Call, asks
from infra.local_aws.access.record import AccessDenied, Guard
from infra.local_aws.errors import answer

_Answer = Iterable[bytes]
_NEEDS_NO_PERMISSION = ("GetCallerIdentity",)


class Door:
    """Holds the calls of roles to their policies.

    Args:
        application: answers what may be asked.
        guard: decides.
        statement_owner: the user id of whoever submitted a statement of the Data API, by its id.
    """

    def __init__(
        self,
        application: Callable[..., _Answer],
        guard: Guard,
        statement_owner: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._application, self._guard = application, guard
        self.statement_owner = statement_owner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> _Answer:
        """Answers one request."""
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        presigned = f"Credential={query['X-Amz-Credential'][0]}" if "X-Amz-Credential" in query else ""
        signed = signature(environ.get("HTTP_AUTHORIZATION") or presigned)
        try:
            caller = behind(signed.access_key) if signed else None
        except UnknownSession:
            message = "The security token included in the request is expired"
            return answer(environ, start_response, "ExpiredToken", message, 403)
        if signed is None or caller is None:
            return self._application(environ, start_response)
        call = _call(environ, signed, query)
        try:
            if call.operation not in _NEEDS_NO_PERMISSION:
                self._guard.require(caller, *asks(call, self.statement_owner))
        except AccessDenied as denied:
            return answer(environ, start_response, "AccessDenied", str(denied), 403)
        return self._application(environ, start_response)


def _call(environ: dict[str, Any], signed: Signature, query: dict[str, list[str]]) -> Call:
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    is_needed = signed.service != "s3" or (method == "POST" and "delete" in query)
    body = b""
    if is_needed:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
    return Call(signed, method, path, query, environ, body)
