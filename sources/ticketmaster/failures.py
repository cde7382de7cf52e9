"""Telling the API's failures apart: what an answer other than a page means, and whether it is worth asking again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests
import urllib3

from sources.ticketmaster.errors import (
    BadRequest,
    DiscoveryError,
    InvalidApiKey,
    NotFound,
    QuotaExceeded,
    RateLimited,
    ServerError,
    UnexpectedStatus,
)

# An answer that asks for a longer pause than this is not waited for.
_LONGEST_RETRY_AFTER = 60.0


def failure(status: int, text: str, headers: Mapping[str, str], request: str) -> DiscoveryError:
    """The error that a response stands for.

    >>> body = '{"fault": {"detail": {"errorcode": "policies.ratelimit.QuotaViolation"}}}'
    >>> type(failure(401, body, {}, "GET /events.json")).__name__
    'QuotaExceeded'

    The API has two shapes of error bodies, its own (`errors`) and its gateway's (`fault`); the gateway's error code
    says more than the HTTP status, which differed over the years (a used-up quota came as 401, too).

    Args:
        status: HTTP status, other than 200.
        text: the body, redacted.
        headers: of the answer.
        request: label of the request, without secrets.
    """
    code, detail = _explanation(text)
    if "QuotaViolation" in code:
        return QuotaExceeded(f"The Discovery API says that the key's daily quota is used up: {detail}.", request)
    if "SpikeArrest" in code or status == 429:
        return RateLimited(
            f"The Discovery API refuses requests as too fast: {detail or status}.",
            request,
            retry_after=_retry_after(headers),
        )
    if "ApiKey" in code or "APIKey" in code or status == 401:
        return InvalidApiKey(f"The Discovery API does not accept the API key: {detail or status}.", request)
    if status == 400:
        return BadRequest(code or "400", detail, request)
    if status == 404:
        return NotFound(f"The Discovery API has nothing there: {detail or 'not found'}.", request)
    if status >= 500:
        return ServerError(
            f"The Discovery API failed with HTTP {status}{f' ({detail})' if detail else ''}.",
            request,
            retry_after=_retry_after(headers),
        )
    return UnexpectedStatus(f"HTTP {status} is not an answer of the Discovery API.", request)


def reason(error: Exception) -> str:
    """Why no answer came, in a few words; may still hold secrets of the URL."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return "no answer in time"
    cause = error.args[0] if error.args else error
    return str(getattr(cause, "reason", cause)) or type(error).__name__


def _explanation(text: str) -> tuple[str, str]:
    """An error body's code and detail; both empty when it has another shape."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return "", ""
    fault = _object(_object(document).get("fault"))
    errors = _object(document).get("errors")
    first = _object(errors[0]) if isinstance(errors, list) and errors else {}
    code = first.get("code") or _object(fault.get("detail")).get("errorcode") or ""
    detail = first.get("detail") or fault.get("faultstring") or ""
    return str(code), str(detail).strip().rstrip(".")[:500]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer asks to wait; the API is not known to say so, a gateway may."""
    text = headers.get("Retry-After", "")
    return min(float(text), _LONGEST_RETRY_AFTER) if text.isascii() and text.isdigit() else None
