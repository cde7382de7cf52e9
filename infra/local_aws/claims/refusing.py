"""WSGI middleware: refuses operations that the local AWS would only pretend to carry out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

from ..errors import not_implemented
from ..protocol import Protocol, Target, body, target
from .types import Parameters, Refusal, Service


class Refusals:
    """Refuses calls according to the list of claims; passes on any other call.

    Args:
        application: handles the other calls.
        services: the claims.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], services: Iterable[Service]) -> None:
        self._application = application
        self._refusing: dict[str, list[Service]] = {}
        for service in services:
            if service.refused:
                self._refusing.setdefault(service.signature, []).append(service)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handles one request."""
        request_target = target(environ)
        for service in self._refusing.get(request_target.service, ()):
            if service.marks and service.marks.isdisjoint(_query_names(environ)):
                continue
            if (refusal := _refusal(service, request_target, environ)) is not None:
                return not_implemented(environ, start_response, refusal.reason)
        return self._application(environ, start_response)


def _query_names(environ: dict[str, Any]) -> set[str]:
    return {field.partition("=")[0] for field in environ.get("QUERY_STRING", "").split("&")}


def _refusal(service: Service, request_target: Target, environ: dict[str, Any]) -> Refusal | None:
    for operation in _operations(service, request_target, environ):
        for refusal in service.refusals(operation):
            if refusal.when(_parameters(environ)):
                return refusal
    return None


def _operations(service: Service, request_target: Target, environ: dict[str, Any]) -> Iterator[str]:
    """The operation of the request, if it belongs to the service: services may share a signature."""
    if request_target.operation:
        yield request_target.operation
    elif request_target.protocol in (Protocol.REST_JSON, Protocol.REST_XML):
        try:
            yield str(get_service_router(service.name).match(Request(environ.copy()))[0].name)
        except (NotFound, NotImplementedError):
            return


def _parameters(environ: dict[str, Any]) -> Parameters:
    try:
        fields = json.loads(body(environ) or b"{}")
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
