"""WSGI middleware: every call is answered by the application behind it, unless its role may not make it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from infra.local_aws.access.callers import Signature, UnknownSession, behind, signature
from infra.local_aws.access.calls import Call, asks
from infra.local_aws.access.record import AccessDenied, Guard

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
            return _refused(
                environ, start_response, "ExpiredToken", "The security token included in the request is expired"
            )
        if signed is None or caller is None:
            return self._application(environ, start_response)
        call = _call(environ, signed, query)
        try:
            if call.operation not in _NEEDS_NO_PERMISSION:
                self._guard.require(caller, *asks(call, self.statement_owner))
        except AccessDenied as denied:
            return _refused(environ, start_response, "AccessDenied", str(denied))
        return self._application(environ, start_response)


def _call(environ: dict[str, Any], signed: Signature, query: dict[str, list[str]]) -> Call:
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    is_needed = signed.service != "s3" or (method == "POST" and "delete" in query)
    body = b""
    if is_needed:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
    return Call(signed, method, path, query, environ, body)


def _refused(environ: dict[str, Any], start_response: Callable[..., Any], code: str, message: str) -> _Answer:
    """A refusal in the protocol of the service: JSON, or XML as S3 and the query services write it."""
    request = secrets.token_hex(16)
    if environ.get("HTTP_X_AMZ_TARGET"):
        kind = f"{code}Exception"
        body = json.dumps({"__type": kind, "message": message, "Message": message})
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", kind)]
        start_response("400 Bad Request", [*headers, ("x-amzn-RequestId", request)])
        return [body.encode()]
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        xml = (
            f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{request}</RequestId></ErrorResponse>"
        )
    else:
        xml = f'<?xml version="1.0" encoding="UTF-8"?><Error>{error}<RequestId>{request}</RequestId></Error>'
    start_response("403 Forbidden", [("Content-Type", "application/xml"), ("x-amz-request-id", request)])
    return [xml.encode()]
