"""Conditions of refusals: whether this machine, or moto's state, allows a call to be carried out."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable

from .types import Parameters

_SECONDS = 10.0
_last_contact: dict[str, float] = {}


def without_docker(_: Parameters) -> bool:
    """True if no Docker responds. Lambda functions and Batch jobs need it. Checked at most every 10 seconds."""
    if time.monotonic() - _last_contact.get("docker", float("-inf")) < _SECONDS:
        return False
    import docker  # slow to import, and few calls need it

    try:
        client = docker.from_env(timeout=2)
        client.ping()
        client.close()
    except docker.errors.DockerException:
        return True
    _last_contact["docker"] = time.monotonic()
    return False


def unless_queued(module: str, backends: str, *attributes: str) -> Callable[[Parameters], bool]:
    """True if moto has no result for the call. moto's own API can queue some, for any account and region.

    Args:
        module: moto's module, such as `moto.athena.models`.
        backends: its variable with the backends.
        attributes: attributes of a backend that contain queued results.
    """

    def is_empty(_: Parameters) -> bool:
        all_backends = getattr(importlib.import_module(module), backends).iter_backends()
        return not any(getattr(backend, name) for _account, _region, backend in all_backends for name in attributes)

    return is_empty


def has_any(*names: str) -> Callable[[Parameters], bool]:
    """True if the call has one of the parameters."""
    return lambda parameters: any(parameters.get(name) for name in names)


def different(name: str, *values: str | None) -> Callable[[Parameters], bool]:
    """True unless the parameter has one of the values."""
    return lambda parameters: parameters.get(name) not in values
