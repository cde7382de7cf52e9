"""Faults that respond instead of the API: too many requests, server errors, HTML pages."""

from __future__ import annotations

import re
from typing import Literal

from flask import Request, Response
from pydantic import Field

from .. import errors
from ..errors import ApiError
from .fault import Fault, label_of

_SERVER_ERRORS = (500, 502, 503, 504)


class RateStorm(Fault):
    """429 in bursts: the gateway reports too many requests, whatever their rate."""

    name = "rate_storm"
    every: int = Field(20, ge=1, description="matching requests from one burst to the next")
    length: int = Field(5, ge=0, description="requests of each burst, the last ones of `every`")
    kind: Literal["spike", "quota"] = Field("spike", description="quota: the body that contains the API key")
    retry_after: int | None = Field(None, ge=0, description="seconds, sent as Retry-After; null: not sent")

    def before(self, request: Request) -> None:
        """Refuses the requests of a burst."""
        if not re.search(self.match, label_of(request)):
            return
        with self._lock:
            number = self._asked["all"]
            self._asked["all"] += 1
            hit = number % self.every >= self.every - self.length
            self._struck["all"] += hit
        if hit:
            refusal = (
                errors.spike_arrest(5) if self.kind == "spike" else errors.quota_exceeded(self._simulation.api_key)
            )
            raise ApiError(refusal.http_status, refusal.body, _retry_after(self.retry_after))


class QuotaExhausted(Fault):
    """The daily quota is used up after some requests, until you switch this off. The body contains the API key."""

    name = "quota"
    after_requests: int = Field(10, ge=0, description="matching requests that are still answered")

    def before(self, request: Request) -> None:
        """Refuses requests after the last one of the day."""
        with self._lock:
            self._asked["all"] += bool(re.search(self.match, label_of(request)))
            if self._asked["all"] <= self.after_requests:
                return
            self._struck["all"] += 1
        raise errors.quota_exceeded(self._simulation.api_key)


class ServerErrors(Fault):
    """5xx: the gateway's own error, or an HTML page that repeats the request with its key."""

    name = "server_errors"
    html: bool = Field(False, description="answer with an HTML page")
    retry_after: int | None = Field(None, ge=0, description="seconds, sent as Retry-After; null: not sent")

    def before(self, request: Request) -> Response | None:
        """Returns an error."""
        if not self._hits(request):
            return None
        status = self._lot(request).choice(_SERVER_ERRORS)
        if self.html:
            return Response(_page_for_people(request), status, _retry_after(self.retry_after), mimetype="text/html")
        refusal = errors.gateway_trouble(status)
        raise ApiError(status, refusal.body, _retry_after(self.retry_after))


class HtmlBodies(Fault):
    """200 with an HTML page that repeats the request with its key, instead of JSON."""

    name = "html_bodies"

    def before(self, request: Request) -> Response | None:
        """Returns HTML."""
        return Response(_page_for_people(request), mimetype="text/html") if self._hits(request) else None


def _page_for_people(request: Request) -> str:
    return f"<html><body><h1>We'll be right back</h1><p>Request: GET {request.full_path}</p></body></html>"


def _retry_after(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}
