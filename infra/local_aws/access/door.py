"""WSGI middleware that passes a call to the application, unless its caller lacks the permission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from ..errors import error_response
from . import sessions
from .callers import Caller, InactiveKey, Signature, UnknownSession, User, caller_of, signature
from .calls import Call, access_requests
from .identities import bucket_policy
from .record import AccessDenied, Guard
from .sessions import InvalidSession

_Answer = Iterable[bytes]
_NEEDS_NO_PERMISSION = ("GetCallerIdentity", "GetSessionToken")
_OF_A_BUCKETS_POLICY = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
"""Actions that a bucket's administrator may always do, because otherwise a Deny could never be removed."""


class AccessMiddleware:
    """Checks calls against the policies that apply to their callers.

    Args:
        application: handles permitted calls.
        guard: decides.
        statement_owner: returns the user id of the submitter of a Data API statement, by the statement's id.
    """

    def __init__(
        self,
        application: Callable[..., _Answer],
        guard: Guard,
        statement_owner: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._application = application
        self._guard = guard
        self.statement_owner = statement_owner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> _Answer:
        """Handles one request."""
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        presigned = f"Credential={query['X-Amz-Credential'][0]}" if "X-Amz-Credential" in query else ""
        signed = signature(environ.get("HTTP_AUTHORIZATION") or presigned)
        try:
            caller = caller_of(signed.access_key) if signed else None
            self._require(environ, query, signed, caller)
        except UnknownSession:
            message = "The security token included in the request is expired"
            return error_response(environ, start_response, "ExpiredToken", message, 403)
        except InactiveKey:
            message = "The security token included in the request is invalid"
            return error_response(environ, start_response, "InvalidClientTokenId", message, 403)
        except AccessDenied as denied:
            return error_response(environ, start_response, "AccessDenied", str(denied), 403)
        except InvalidSession as invalid:
            return error_response(environ, start_response, invalid.code, str(invalid), 400)
        return self._application(environ, start_response)

    def _require(
        self,
        environ: dict[str, Any],
        query: dict[str, list[str]],
        signed: Signature | None,
        caller: Caller | User | None,
    ) -> None:
        if signed is not None and signed.service == "sts":
            call = _call(environ, signed, query)
            if call.operation == "AssumeRole":
                sessions.require(self._guard, caller, call)
                return
        if signed is None or caller is None:
            self._require_of_buckets(environ, query, signed)
            return
        call = _call(environ, signed, query)
        if call.operation not in _NEEDS_NO_PERMISSION:
            self._guard.require(caller, access_requests(call, self.statement_owner), call.keys)

    def _require_of_buckets(
        self, environ: dict[str, Any], query: dict[str, list[str]], signed: Signature | None
    ) -> None:
        """Checks the administrator and unsigned requests against bucket policies; most buckets have none."""
        if signed is not None and signed.service != "s3":
            return
        bucket = environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
        if bucket_policy(f"arn:aws:s3:::{bucket}") is None and "HTTP_X_AMZ_COPY_SOURCE" not in environ:
            return
        call = _call(environ, signed, query)
        requests = [
            request
            for request in access_requests(call, self.statement_owner)
            if bucket_policy(request.resource) is not None
        ]
        if signed is None:
            self._guard.require_anonymous(requests, call.keys)
        else:
            requests = [request for request in requests if request.action not in _OF_A_BUCKETS_POLICY]
            self._guard.require(None, requests, call.keys)


def _call(environ: dict[str, Any], signed: Signature | None, query: dict[str, list[str]]) -> Call:
    method = environ["REQUEST_METHOD"]
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    is_of_s3 = signed is None or signed.service == "s3"
    is_needed = not is_of_s3 or (method == "POST" and "delete" in query)
    body = b""
    if is_needed:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
    return Call(signed, method, path, query, environ, body)
