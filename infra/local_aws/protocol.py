"""Finds the service and operation of a request, and the protocol of its response.

It only uses the request, before any service sees it: the caller's SDK must be able to read an error even if there is no
such service here. Errors refer to the page `docs/local-aws.md`.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/(?:[^/,\s]+/)?([^/,\s]+)/aws4_request")
_REST_XML = ("s3", "cloudfront", "route53")
"""Services with REST and XML, by their name in the signature. All other services with REST use JSON."""
_FORM = "application/x-www-form-urlencoded"
_CBOR_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)")


class Protocol(enum.Enum):
    """How a service writes its responses (https://smithy.io/2.0/aws/protocols/index.html)."""

    JSON = "json"
    REST_JSON = "rest-json"
    QUERY = "query"
    EC2 = "ec2"
    REST_XML = "rest-xml"
    CBOR = "smithy-rpc-v2-cbor"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a request.

    Attributes:
        service: the name in the signature, such as `monitoring` for CloudWatch; empty if unsigned.
        operation: such as `PutMetricData`; empty for REST, where method and path determine it.
        protocol: of the response.
    """

    service: str
    operation: str
    protocol: Protocol


def target(environ: dict[str, Any]) -> Target:
    """The target of a WSGI request. Reads the body of a form, and rewinds it."""
    service = _service(environ)
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        match = _CBOR_PATH.search(environ.get("PATH_INFO", ""))
        return Target(service, match[2] if match else "", Protocol.CBOR)
    if header := environ.get("HTTP_X_AMZ_TARGET"):
        return Target(service, header.rpartition(".")[2], Protocol.JSON)
    if service in _REST_XML:
        return Target(service, "", Protocol.REST_XML)
    if action := _action(environ):
        return Target(service, action, Protocol.EC2 if service == "ec2" else Protocol.QUERY)
    return Target(service, "", Protocol.REST_JSON if service else Protocol.REST_XML)


def _service(environ: dict[str, Any]) -> str:
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    if not authorization and "X-Amz-Credential" in environ.get("QUERY_STRING", ""):
        authorization = f"Credential={parse_qs(environ['QUERY_STRING'])['X-Amz-Credential'][0]}"
    if match := _SCOPE.search(authorization):
        return match[1].lower()
    return "s3" if authorization.startswith("AWS ") else ""  # the signature's old version, which only S3 still accepts


def _action(environ: dict[str, Any]) -> str:
    fields = parse_qs(environ.get("QUERY_STRING", ""))
    if environ.get("CONTENT_TYPE", "").startswith(_FORM):
        fields |= parse_qs(body(environ).decode("utf-8", "replace"))
    return str(fields.get("Action", [""])[0])


def body(environ: dict[str, Any]) -> bytes:
    """The whole body, which the next reader can read again."""
    stream = environ["wsgi.input"]
    stream.seek(0)
    content: bytes = stream.read()
    stream.seek(0)
    return content
