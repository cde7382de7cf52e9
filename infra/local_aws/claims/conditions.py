"""Conditions of refusals: what of this machine or of moto's state decides whether a call can be carried out."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable

from .types import Parameters

_SECONDS = 10.0
_asked: dict[str, float] = {}


def without_docker(_: Parameters) -> bool:
    """True if no Docker answers. Lambda functions and Batch jobs run in its containers. Asked every 10 seconds."""
    if time.monotonic() - _asked.get("docker", float("-inf")) < _SECONDS:
        return False
    import docker  # takes a moment, and few calls need it

    try:
        client = docker.from_env(timeout=2)
        client.ping()
        client.close()
    except docker.errors.DockerException:
        return True
    _asked["docker"] = time.monotonic()
    return False


def unless_queued(module: str, backends: str, *attributes: str) -> Callable[[Parameters], bool]:
    """True if moto has no result for the call: moto's own API can queue some, for any account and region.

    Args:
        module: of moto, such as `moto.athena.models`.
        backends: its variable that holds the backends.
        attributes: of a backend, where results wait.
    """

    def is_empty(_: Parameters) -> bool:
        known = getattr(importlib.import_module(module), backends).iter_backends()
        return not any(getattr(backend, name) for _account, _region, backend in known for name in attributes)

    return is_empty


def given(*names: str) -> Callable[[Parameters], bool]:
    """True if one of the parameters is given."""
    return lambda parameters: any(parameters.get(name) for name in names)


def different(name: str, *values: str | None) -> Callable[[Parameters], bool]:
    """True unless the parameter has one of the values."""
    return lambda parameters: parameters.get(name) not in values
