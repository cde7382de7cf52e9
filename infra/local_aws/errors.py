"""Every error in AWS's format: a code and a sentence, in the protocol of the service.

Whatever goes wrong, an SDK must be able to raise its own error (boto3: `ClientError`) and show the sentence. So this
is the only place that writes errors, and the last one that catches them.
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
"""Status of unsupported operations. It is S3's own; SDKs don't retry it, as they do after 500 and 503."""

_LOG = logging.getLogger(__name__)
_JSON_CODES = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "ValidationError": "ValidationException",
}
"""Common errors that JSON services know by another name."""
_S3_CODES = {"InternalFailure": "InternalError", "ValidationError": "InvalidRequest"}
_OF_PARAMETERS = (LookupError, AttributeError, TypeError, ValueError, AssertionError)
"""Exceptions that moto's code raises for unexpected parameters, or for names that don't exist."""
_PREFIXES = {"monitoring": "cloudwatch"}
"""Services whose actions have a different prefix in IAM than in a signature."""
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
    """Answers a request with an error, as its service would.

    Args:
        environ: the WSGI request.
        start_response: WSGI's.
        code: as in the XML of IAM or S3, such as `AccessDenied`; JSON services get their own name for it.
        message: a sentence for the caller.
        status: the HTTP status. In a JSON service, a client's error is always 400, as in AWS.
        request_id: by default, a random one.
    """
    request_target = target(environ)
    request = request_id or secrets.token_hex(16)
    content_type, payload = _serialize(environ, request_target, code, message, status, request)
    if request_target.protocol is Protocol.JSON and status < 500:
        status = 400
    headers = [("Content-Type", content_type), ("x-amzn-RequestId", request), ("x-amz-request-id", request)]
    if request_target.protocol in (Protocol.JSON, Protocol.REST_JSON):
        headers.append(("x-amzn-ErrorType", _JSON_CODES.get(code, code)))
    if request_target.protocol is Protocol.CBOR:
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    start_response(f"{status} {_REASONS.get(status, 'Error')}", headers)
    return [payload]


def _serialize(
    environ: dict[str, Any], request_target: Target, code: str, message: str, status: int, request: str
) -> tuple[str, bytes]:
    """Content type and body of an error."""
    if request_target.protocol is Protocol.CBOR:
        return "application/cbor", _cbor({"__type": _JSON_CODES.get(code, code), "message": message})
    if request_target.protocol in (Protocol.JSON, Protocol.REST_JSON):
        request_type = environ.get("CONTENT_TYPE", "")
        content_type = request_type if request_type.startswith("application/x-amz-json") else "application/json"
        fields = {"__type": _JSON_CODES.get(code, code), "message": message, "Message": message}
        return content_type, json.dumps(fields).encode()
    if request_target.protocol is Protocol.REST_XML and request_target.service in ("s3", ""):
        code = _S3_CODES.get(code, code)
        error = f"<Error>{_fields(code, message)}<RequestId>{request}</RequestId></Error>"
    elif request_target.protocol is Protocol.EC2:
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
    """A map of short names to texts (RFC 8949), which is all that an error needs of CBOR."""
    parts = [bytes([0xA0 + len(fields)])]
    for text in (text for field in fields.items() for text in field):
        content = text.encode()
        parts += [b"\x79", len(content).to_bytes(2, "big"), content]
    return b"".join(parts)


class Failures:
    """WSGI middleware: turns failures of the application into AWS errors.

    An unexpected exception is logged with the request id of the response. An operation that moto lacks returns
    `NotImplemented`. HTML pages, and errors in another service's protocol, are rewritten.
    """

    def __init__(self, application: Callable[..., _Answer]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> _Answer:
        """Handles one request."""
        if environ.get("PATH_INFO", "").startswith("/moto-api"):  # pages for people
            return self._application(environ, start_response)
        response: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            response[:] = [status, headers]
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
        if int(response[0][:3]) >= 400:
            chunks = [b"".join(chunks)]
            if (rewritten := _rewrite(environ, start_response, int(response[0][:3]), chunks[0])) is not None:
                return rewritten
        start_response(*response)
        return chunks


def not_implemented(environ: dict[str, Any], start_response: _StartResponse, reason: str = "") -> _Answer:
    """Answers that the local AWS does not support the operation, with the reason if there is one (a whole sentence)."""
    message = f"The local AWS does not support {_name(environ)}. {reason}".strip()
    message = f"{message} Supported operations are listed in {DOCUMENTATION}."
    return error_response(environ, start_response, "NotImplemented", message, NOT_IMPLEMENTED)


def _failed(environ: dict[str, Any], start_response: _StartResponse, error: Exception) -> _Answer:
    if environ.get("HTTP_X_AMZ_TARGET") and not _is_json(body(environ)):
        return error_response(environ, start_response, "SerializationException", "The request's body is not JSON.")
    if isinstance(error, ExpatError):
        return error_response(
            environ, start_response, "MalformedXML", "The request's body is not the XML that the operation needs."
        )
    request = secrets.token_hex(16)
    _LOG.error("%s failed, request id %s", _name(environ), request, exc_info=error)
    if _is_of_parameters(error):
        message = (
            f"The local AWS cannot process {_name(environ)} with these parameters: one is missing or wrong, names "
            "something that does not exist, or is not known to moto. "
            f"The log has the traceback, under request id {request}."
        )
        return error_response(environ, start_response, "ValidationError", message, 400, request)
    message = (
        f"The local AWS failed on {_name(environ)}. This is its own fault, not the request's. "
        f"Its log has the traceback, under request id {request}."
    )
    return error_response(environ, start_response, "InternalFailure", message, 500, request)


def _disk_full(environ: dict[str, Any], start_response: _StartResponse, error: Exception) -> _Answer:
    """Insufficient Storage is a status that SDKs do not retry: the disk would still be full."""
    _LOG.error("%s failed: the disk is full (%s)", _name(environ), error)
    if isinstance(error, NotWrittenYet):
        advice = "The change was made and is in memory; it will be saved once there is room. Do not repeat the call."
    elif isinstance(error, NoRoom):
        advice = "Nothing was changed: free some space, and repeat the call."
    else:
        advice = "Free some space, and repeat the call."
    message = f"The disk is full: there is no room for {_name(environ)} ({error}). {advice}"
    return error_response(environ, start_response, "InternalFailure", message, 507)


def _is_of_parameters(error: Exception) -> bool:
    """True if moto's code, rather than that of the local AWS, failed on a parameter."""
    modules = [frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(error.__traceback__)]
    last_module = next((name for name in reversed(modules) if name.startswith(("moto.", "infra."))), "")
    return last_module.startswith("moto.") and (isinstance(error, _OF_PARAMETERS) or type(error) is Exception)


def _name(environ: dict[str, Any]) -> str:
    """The operation for people: `glue:CreateTable`, or `lambda: GET /2015-03-31/functions`."""
    request_target = target(environ)
    service = _PREFIXES.get(request_target.service, request_target.service) or "s3"
    if request_target.operation:
        return f"{service}:{request_target.operation}"
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    query = environ.get("QUERY_STRING", "").partition("X-Amz-")[0].strip("&")
    return f"{service}: {environ['REQUEST_METHOD']} {path}{'?' if query else ''}{query}"


def _rewrite(environ: dict[str, Any], start_response: _StartResponse, status: int, content: bytes) -> _Answer | None:
    """The same error in the protocol of the service, or None if it already is."""
    request_target = target(environ)
    start = content.lstrip()[:20].lower()
    speaks_json = request_target.protocol in (Protocol.JSON, Protocol.REST_JSON)
    if environ["REQUEST_METHOD"] == "HEAD" or not (request_target.service or request_target.operation):
        return None  # has no body, or is not an API call but, say, an API Gateway's own URL
    if status in (404, 405) and (start.startswith(_HTML) or (not start and request_target.service != "s3")):
        return not_implemented(environ, start_response)
    if not start or request_target.protocol is Protocol.CBOR:
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
    if start.startswith(b"<") and speaks_json and (code_match := _CODE.search(text)):
        message_match = _MESSAGE.search(text)
        return error_response(
            environ, start_response, code_match[1], unescape(message_match[1]) if message_match else "", status
        )
    if not start.startswith((b"<", b"{", b"[", b'"')):
        return error_response(environ, start_response, "InvalidRequest", text, status)
    return None


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content or b"{}")
    except ValueError:
        return False
    return True
