"""Reads the state files of versions before 2026-12, which listed the classes that they could contain."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

from .classes import class_of

_CLASSES = {
    name: f"{module}:{name}"
    for module, names in {
        "moto.glue.models": (
            "FakeDatabase",
            "FakeTable",
            "FakePartition",
            "FakeCrawler",
            "FakeJob",
            "FakeConnection",
        ),
        "moto.utilities.tagging_service": ("TaggingService",),
        "moto.secretsmanager.models": ("FakeSecret", "ReplicaSecret"),
        "moto.iam.models": ("Role",),
        "moto.sts.models": ("AssumedRole",),
    }.items()
    for name in names
}
_EMPTY = {"FakeJob": "job_runs", "FakeCrawler": "crawls", "AssumedRole": "access_key"}
"""Attributes that were not saved, and become an empty list."""


def restore(entries: Iterable[Mapping[str, Any]], backends: BackendDict[Any]) -> None:
    """Loads such a file into the backends. Raises the errors of contents in another format."""
    for entry in entries:
        backend = backends[entry["account"]][entry["region"]]
        for name, content in entry["state"].items():
            value = _decoded(content, backend)
            target = getattr(backend, name)
            if isinstance(target, dict):
                target.update(value)
            elif isinstance(target, list):
                target.extend(value)
            else:
                vars(target).update(vars(value))


def _decoded(value: Any, backend: BaseBackend) -> Any:
    if isinstance(value, list):
        return [_decoded(item, backend) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("$")
    if kind is None:
        return {key: _decoded(item, backend) for key, item in value.items()}
    if kind == "datetime":
        return datetime.fromisoformat(value["value"])
    if kind == "backend":
        return backend
    target: Any = object.__new__(class_of(_CLASSES[kind]))
    vars(target).update({name: _decoded(item, backend) for name, item in value["value"].items()})
    if kind in _EMPTY:
        setattr(target, _EMPTY[kind], [])
    return target
