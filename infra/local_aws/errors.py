"""Every error in the shape that AWS gives it: a code and a sentence, in the protocol of the service.

Whatever goes wrong, an SDK must be able to raise its own error (boto3: `ClientError`) and show the sentence. So this
is the one place that writes errors, and the last one that catches them.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sqlite3
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, unescape

from .protocol import Protocol, Target, body, target
from .room import NoRoom, NotWrittenYet, is_full

DOCUMENTATION = "docs/local-aws.md"
NOT_IMPLEMENTED = 501
"""Status of what the local AWS does not do. S3's own; SDKs do not try it again, as they do after 500 and 503."""

_LOG = logging.getLogger(__name__)
_JSON_CODES = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "ValidationError": "ValidationException",
}
"""Common errors that services with JSON call by another name."""
_S3_CODES = {"InternalFailure": "InternalError", "ValidationError": "InvalidRequest"}
_OF_PARAMETERS = (LookupError, AttributeError, TypeError, ValueError, AssertionError)
"""What moto's code raises when it did not expect what a caller sent, or does not find what it names."""
_PREFIXES = {"monitoring": "cloudwatch"}
"""Services whose actions have another name in IAM than in a signature."""
_HTML = (b"<!doctype html", b"<html")
_CODE = re.compile(r"<Code>([^<]+)</Code>")
_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)
_REASONS = {
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 500: "Internal Server Error",
    501: "Not Implemented", 503: "Service Unavailable", 507: "Insufficient Storage",
}  # fmt: skip

_StartResponse = Callable[..., Any]
_Answer = Iterable[bytes]


def error_response(
    environ: dict[str, Any],
    start_response: _StartResponse,
    code: str,
    message: str,
    status: int = 400,
    request_id: str | None = None,
) -> _Answer:
    """Answer a request with an error, as its service would.

    Args:
        environ: the WSGI request.
        start_response: WSGI's.
        code: as in the XML of IAM or S3, such as `AccessDenied`; JSON services get their own name of it.
        message: a sentence for the caller.
        status: of HTTP. A client's error of a JSON service is always 400, as in AWS.
        request_id: made up if not given.
    """
    asked, request = target(environ), request_id or secrets.token_hex(16)
    content_type, payload = _written(environ, asked, code, message, status, request)
    if asked.protocol is Protocol.JSON and status < 500:
        status = 400
    headers = [("Content-Type", content_type), ("x-amzn-RequestId", request), ("x-amz-request-id", request)]
    if asked.protocol in (Protocol.JSON, Protocol.REST_JSON):
        headers.append(("x-amzn-ErrorType", _JSON_CODES.get(code, code)))
    if asked.protocol is Protocol.CBOR:
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    start_response(f"{status} {_REASONS.get(status, 'Error')}", headers)
    return [payload]


def _written(
    environ: dict[str, Any], asked: Target, code: str, message: str, status: int, request: str
) -> tuple[str, bytes]:
    """Content type and body of an error."""
    if asked.protocol is Protocol.CBOR:
        return "application/cbor", _cbor({"__type": _JSON_CODES.get(code, code), "message": message})
    if asked.protocol in (Protocol.JSON, Protocol.REST_JSON):
        sent = environ.get("CONTENT_TYPE", "")
        content_type = sent if sent.startswith("application/x-amz-json") else "application/json"
        fields = {"__type": _JSON_CODES.get(code, code), "message": message, "Message": message}
        return content_type, json.dumps(fields).encode()
    if asked.protocol is Protocol.REST_XML and asked.service in ("s3", ""):
        code = _S3_CODES.get(code, code)
        error = f"<Error>{_fields(code, message)}<RequestId>{request}</RequestId></Error>"
    elif asked.protocol is Protocol.EC2:
        errors = f"<Errors><Error>{_fields(code, message)}</Error></Errors>"
        error = f"<Response>{errors}<RequestID>{request}</RequestID></Response>"
    else:
        fault = f"<Type>{'Sender' if status < 500 else 'Receiver'}</Type>"
        error = f"<Error>{fault}{_fields(code, message)}</Error><RequestId>{request}</RequestId>"
        error = f"<ErrorResponse>{error}</ErrorResponse>"
    return "text/xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'.encode()


def _fields(code: str, message: str) -> str:
    return f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"


def _cbor(fields: dict[str, str]) -> bytes:
    """A map of short names to texts (RFC 8949): all that an error needs of CBOR."""
    parts = [bytes([0xA0 + len(fields)])]
    for text in (text for field in fields.items() for text in field):
        content = text.encode()
        parts += [b"\x79", len(content).to_bytes(2, "big"), content]
    return b"".join(parts)


class Failures:
    """WSGI middleware: what goes wrong behind it is answered as an error of AWS.

    An exception that nobody expected is in the log, with the request id that the answer has. An operation that moto
    lacks is answered with `NotImplemented`. Pages of HTML, and errors in another service's protocol, are rewritten.
    """

    def __init__(self, application: Callable[..., _Answer]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> _Answer:
        """Answers one request."""
        if environ.get("PATH_INFO", "").startswith("/moto-api"):  # pages for people
            return self._application(environ, start_response)
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            started[:] = [status, headers]
            return lambda _data: None

        try:
            chunks = self._application(environ, start)
        except NotImplementedError:
            return not_implemented(environ, start_response)
        except (OSError, sqlite3.OperationalError) as error:
            if not is_full(error):
                return _failed(environ, start_response, error)
            return _disk_full(environ, start_response, error)
        except Exception as error:  # noqa: BLE001  one bad request must not end the server
            return _failed(environ, start_response, error)
        if int(started[0][:3]) >= 400:
            chunks = [b"".join(chunks)]
            if (rewritten := _rewritten(environ, start_response, int(started[0][:3]), chunks[0])) is not None:
                return rewritten
        start_response(*started)
        return chunks


def not_implemented(environ: dict[str, Any], start_response: _StartResponse, reason: str = "") -> _Answer:
    """Answer that the local AWS does not do what was asked, and why if there is a reason (a whole sentence)."""
    message = f"The local AWS does not do {_name(environ)}. {reason}".strip()
    message = f"{message} What it does is listed in {DOCUMENTATION}."
    return error_response(environ, start_response, "NotImplemented", message, NOT_IMPLEMENTED)


def _failed(environ: dict[str, Any], start_response: _StartResponse, error: Exception) -> _Answer:
    if environ.get("HTTP_X_AMZ_TARGET") and not _is_json(body(environ)):
        return error_response(environ, start_response, "SerializationException", "The request's body is not JSON.")
    if isinstance(error, ExpatError):
        return error_response(
            environ, start_response, "MalformedXML", "The request's body is not the XML that is needed."
        )
    request = secrets.token_hex(16)
    _LOG.error("%s failed, request id %s", _name(environ), request, exc_info=error)
    if _is_of_parameters(error):
        message = (
            f"The local AWS cannot process {_name(environ)} with these parameters: one is missing or wrong, names "
            f"what does not exist, or is not known to moto. The log has the traceback, under request id {request}."
        )
        return error_response(environ, start_response, "ValidationError", message, 400, request)
    message = (
        f"The local AWS failed on {_name(environ)}: this is a fault of its own, not of the request. "
        f"Its log has the traceback, under request id {request}."
    )
    return error_response(environ, start_response, "InternalFailure", message, 500, request)


def _disk_full(environ: dict[str, Any], start_response: _StartResponse, error: Exception) -> _Answer:
    """Insufficient Storage is no status that SDKs try again after: the disk will not be less full by then."""
    _LOG.error("%s failed: the disk is full (%s)", _name(environ), error)
    if isinstance(error, NotWrittenYet):
        advice = "The change is made and kept in memory: make room, and it is written. Do not call it again."
    elif isinstance(error, NoRoom):
        advice = "Nothing was changed: make room, and call it again."
    else:
        advice = "Make room, and call it again."
    message = f"The disk is full: there is no room for {_name(environ)} ({error}). {advice}"
    return error_response(environ, start_response, "InternalFailure", message, 507)


def _is_of_parameters(error: Exception) -> bool:
    """True if moto's code, not that of the local AWS, stumbled over a parameter."""
    modules = [frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(error.__traceback__)]
    last = next((name for name in reversed(modules) if name.startswith(("moto.", "infra."))), "")
    return last.startswith("moto.") and (isinstance(error, _OF_PARAMETERS) or type(error) is Exception)


def _name(environ: dict[str, Any]) -> str:
    """The operation for people: `glue:CreateTable`, or `lambda: GET /2015-03-31/functions`."""
    asked = target(environ)
    service = _PREFIXES.get(asked.service, asked.service) or "s3"
    if asked.operation:
        return f"{service}:{asked.operation}"
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    query = environ.get("QUERY_STRING", "").partition("X-Amz-")[0].strip("&")
    return f"{service}: {environ['REQUEST_METHOD']} {path}{'?' if query else ''}{query}"


def _rewritten(environ: dict[str, Any], start_response: _StartResponse, status: int, content: bytes) -> _Answer | None:
    """The same error in the protocol of the service, or None if it is so already."""
    asked, start = target(environ), content.lstrip()[:20].lower()
    speaks_json = asked.protocol in (Protocol.JSON, Protocol.REST_JSON)
    if environ["REQUEST_METHOD"] == "HEAD" or not (asked.service or asked.operation):
        return None  # has no body, or is no call of an API: an API Gateway's own URL, say
    if status in (404, 405) and (start.startswith(_HTML) or (not start and asked.service != "s3")):
        return not_implemented(environ, start_response)
    if not start or asked.protocol is Protocol.CBOR:
        return None
    if start.startswith(_HTML):
        return error_response(environ, start_response, "InvalidRequest", f"{_name(environ)} cannot be read.")
    if start.startswith(b"{") and not speaks_json and _is_json(content):
        fields = json.loads(content)
        code = str(fields.get("__type") or fields.get("code") or "InvalidRequest").rpartition("#")[2]
        return error_response(
            environ, start_response, code, str(fields.get("message") or fields.get("Message") or ""), status
        )
    text = content.decode("utf-8", "replace")
    if start.startswith(b"<") and speaks_json and (named := _CODE.search(text)):
        message = _MESSAGE.search(text)
        return error_response(environ, start_response, named[1], unescape(message[1]) if message else "", status)
    if not start.startswith((b"<", b"{", b"[", b'"')):
        return error_response(environ, start_response, "InvalidRequest", text, status)
    return None


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content or b"{}")
    except ValueError:
        return False
    return True
