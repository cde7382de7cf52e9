"""Faults of the simulated API: weather in which a client can be tested. Each is a class, switched on with parameters.

A fault strikes by chance or by a schedule, and repeatably: whether a request is struck depends on the seed, on what it
asks for and on how often that was asked before, not on which thread comes first. Only bursts, drift and the quota go by
the number of requests, as the real ones do.
"""

from __future__ import annotations

import os
import re
import socket
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from flask import Request, Response
from pydantic import BaseModel, Field, PrivateAttr

from . import dice, errors
from .errors import ApiError
from .world import World

if TYPE_CHECKING:
    from .state import State

_SERVER_ERRORS = (500, 502, 503, 504)


class Fault(BaseModel, extra="forbid"):
    """Something that goes wrong with some requests; the methods are the simulator's seams, see `Interceptors`."""

    name: ClassVar[str]

    share: float = Field(0.2, ge=0, le=1, description="share of the matching requests that are struck")
    times: int | None = Field(None, ge=0, description="the same request is struck at most so often; null: no limit")
    match: str = Field("/events", description="regular expression that path?query must contain, without the key")
    seed: int = Field(1, description="same seed, same strikes")

    _state: State = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _asked: Counter[str] = PrivateAttr(default_factory=Counter)
    _struck: Counter[str] = PrivateAttr(default_factory=Counter)

    def belong_to(self, state: State) -> None:
        """Learn of the simulator that it is a fault of."""
        self._state = state

    def before(self, request: Request) -> Response | None:
        """Answer a request in place of the API, or not."""

    def after(self, request: Request, response: Response) -> Response:
        """What is sent instead of the API's answer."""
        return response

    def alter(self, world: World) -> World:
        """The world that is searched instead."""
        return world

    @property
    def strikes(self) -> int:
        """How often it struck."""
        with self._lock:
            return self._struck.total()

    def _lot(self, request: Request) -> Random:
        """Chance for the present strike of a request."""
        label = _label(request)
        with self._lock:
            return dice.chance(self.seed, self.name, label, self._struck[label])

    def _hits(self, request: Request) -> bool:
        """Whether this request is struck; asking counts."""
        label = _label(request)
        if not re.search(self.match, label):
            return False
        with self._lock:
            self._asked[label] += 1
            lot = dice.number(self.seed, self.name, label, self._asked[label]) / 2**64
            hit = lot < self.share and (self.times is None or self._struck[label] < self.times)
            self._struck[label] += hit
        return hit


class RateStorm(Fault):
    """429 in bursts: the gateway finds requests too fast, whatever their pace."""

    name = "rate_storm"
    every: int = Field(20, ge=1, description="matching requests from one burst to the next")
    length: int = Field(5, ge=0, description="requests of each burst, the last ones of `every`")
    kind: Literal["spike", "quota"] = Field("spike", description="quota: the body that contains the API key")
    retry_after: int | None = Field(None, ge=0, description="seconds, sent as Retry-After; null: not sent")

    def before(self, request: Request) -> None:
        """Refuse the requests of a burst."""
        if not re.search(self.match, _label(request)):
            return
        with self._lock:
            number = self._asked["all"]
            self._asked["all"] += 1
            hit = number % self.every >= self.every - self.length
            self._struck["all"] += hit
        if hit:
            refusal = errors.spike_arrest(5) if self.kind == "spike" else errors.quota_exceeded(self._state.api_key)
            raise ApiError(refusal.http_status, refusal.body, _retry_after(self.retry_after))


class QuotaExhausted(Fault):
    """The day's quota is used up after some requests, until this is switched off; the body contains the API key."""

    name = "quota"
    after_requests: int = Field(10, ge=0, description="matching requests that are still answered")

    def before(self, request: Request) -> None:
        """Refuse what comes after the last request of the day."""
        with self._lock:
            self._asked["all"] += bool(re.search(self.match, _label(request)))
            if self._asked["all"] <= self.after_requests:
                return
            self._struck["all"] += 1
        raise errors.quota_exceeded(self._state.api_key)


class ServerErrors(Fault):
    """5xx: the gateway's own error, or a page for people that repeats the request with its key."""

    name = "server_errors"
    html: bool = Field(False, description="answer with an HTML page")
    retry_after: int | None = Field(None, ge=0, description="seconds, sent as Retry-After; null: not sent")

    def before(self, request: Request) -> Response | None:
        """Fail."""
        if not self._hits(request):
            return None
        status = self._lot(request).choice(_SERVER_ERRORS)
        if self.html:
            return Response(_page_for_people(request), status, _retry_after(self.retry_after), mimetype="text/html")
        refusal = errors.gateway_trouble(status)
        raise ApiError(status, refusal.body, _retry_after(self.retry_after))


class HtmlBodies(Fault):
    """200 with a page for people that repeats the request with its key, where JSON was asked for."""

    name = "html_bodies"

    def before(self, request: Request) -> Response | None:
        """Answer with HTML."""
        return Response(_page_for_people(request), mimetype="text/html") if self._hits(request) else None


class TruncatedBodies(Fault):
    """200 with the first part of the JSON, as if that were all of it."""

    name = "truncated_bodies"
    keep: float = Field(0.7, ge=0, lt=1, description="share of the body that is sent")

    def after(self, request: Request, response: Response) -> Response:
        """Cut the body."""
        if response.status_code == 200 and self._hits(request):
            body = plain_body(response)
            replace_body(response, body[: int(len(body) * self.keep)])
        return response


class BrokenConnections(Fault):
    """The connection ends in the middle of a body: by a reset (TCP RST), or closed with Content-Length unmet."""

    name = "broken_connections"
    how: Literal["reset", "close"] = Field("reset", description="a reset, or a close before the announced length")
    keep: float = Field(0.5, ge=0, lt=1, description="share of the body that is sent")

    def after(self, request: Request, response: Response) -> Response:
        """Break off."""
        if response.status_code == 200 and self._hits(request):
            body = plain_body(response)
            replace_body(response, body)
            sent = body[: int(len(body) * self.keep)]
            connection = request.environ["werkzeug.socket"] if self.how == "reset" else None
            response.response = _broken_after(sent, connection)
        return response


class SlowBodies(Fault):
    """The body comes in drips."""

    name = "slow_bodies"
    pieces: int = Field(20, ge=1, description="into which the body is cut")
    pause: float = Field(0.05, ge=0, description="seconds before each piece")

    def after(self, request: Request, response: Response) -> Response:
        """Send the same, slowly, its length announced."""
        if response.status_code == 200 and self._hits(request):
            body = plain_body(response)
            replace_body(response, body)
            response.response = _drips(body, self.pieces, self.pause)
        return response


def plain_body(response: Response) -> bytes:
    """The whole body, uncompressed."""
    sent = b"".join(each if isinstance(each, bytes) else each.encode() for each in response.response)
    return zlib.decompress(sent, wbits=31) if response.headers.get("Content-Encoding") == "gzip" else sent


def replace_body(response: Response, body: bytes) -> None:
    """Send another body, of announced length and uncompressed, under the same headers otherwise."""
    response.headers.pop("Content-Encoding", None)
    response.set_data(body)


def _label(request: Request) -> str:
    """What a request asks for, without the key; the same for the same question."""
    pairs = sorted((name, value) for name, value in request.args.items(multi=True) if name != "apikey")
    return f"{request.path}?{'&'.join(f'{name}={value}' for name, value in pairs)}"


def _page_for_people(request: Request) -> str:
    return f"<html><body><h1>We'll be right back</h1><p>Request: GET {request.full_path}</p></body></html>"


def _retry_after(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _drips(body: bytes, pieces: int, pause: float) -> Iterator[bytes]:
    step = -(-len(body) // pieces) or 1
    for start in range(0, len(body), step):
        time.sleep(pause)
        yield body[start : start + step]


def _broken_after(sent: bytes, to_reset: socket.socket | None) -> Iterator[bytes]:
    """Send something and drop the connection: the server closes it then, or the kernel resets it here and now."""
    yield sent
    if to_reset is not None:
        to_reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The server says goodbye (FIN) to a connection before it closes it, so it is given a dead one in its place.
        dead, other = socket.socketpair()
        other.close()
        with dead:
            os.dup2(dead.fileno(), to_reset.fileno())
    raise ConnectionResetError("a fault broke this connection")


def describe(kind: type[Fault]) -> dict[str, Any]:
    """What a fault does and what can be set."""
    fields = kind.model_fields.items()
    parameters = {name: {"default": field.default, "means": field.description} for name, field in fields}
    return {"does": kind.__doc__, "parameters": parameters}
