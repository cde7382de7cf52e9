"""Keeps the Glue catalog, jobs, crawlers, classifiers, secrets, roles and their sessions across a restart, as JSON.

Saved after every request that may have changed them, before the caller gets its answer; written beside and renamed,
so a kill leaves the old state or the new one. All of it can be read by the owner only.
S3 keeps itself on disk; everything else of moto (SNS, CloudWatch…) lives in memory and is created again from the list
of resources.
"""

import functools
import json
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.glue import models as glue_models
from moto.iam import models as iam_models
from moto.secretsmanager import models as secrets_models
from moto.sts import models as sts_models
from moto.utilities.tagging_service import TaggingService

from infra.local_aws.access.callers import signature

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        glue_models.FakeDatabase,
        glue_models.FakeTable,
        glue_models.FakePartition,
        glue_models.FakeCrawler,
        glue_models.FakeJob,
        glue_models.FakeConnection,
        TaggingService,
        secrets_models.FakeSecret,
        secrets_models.ReplicaSecret,
        iam_models.Role,
        sts_models.AssumedRole,
    )
}
_GLUE = ("databases", "classifiers", "crawlers", "jobs", "connections", "tagger")
_SECRETS = ("secrets",)
_ROLES = ("roles",)
_SESSIONS = ("assumed_roles",)
_SAVED_SERVICES = ("glue", "secretsmanager", "iam", "sts")
_NOT_KEPT = {
    "FakeJob": ("job_runs",),  # kept by whoever runs them
    "FakeCrawler": ("crawls",),
    "AssumedRole": ("access_key",),  # the session itself has all of it that matters
}
_READING = ("Get", "List", "BatchGet", "Describe", "Search")


class StateError(RuntimeError):
    """A state file cannot be read: it is from another version, or was edited."""


class State:
    """The part of moto's memory that must outlive it, and the files it is kept in."""

    def __init__(self, state_dir: Path) -> None:
        self._files = {
            state_dir / "glue" / "catalog.json": (glue_models.glue_backends, _GLUE),
            state_dir / "secrets.json": (secrets_models.secretsmanager_backends, _SECRETS),
            state_dir / "iam" / "roles.json": (iam_models.iam_backends, _ROLES),
            state_dir / "iam" / "sessions.json": (sts_models.sts_backends, _SESSIONS),
        }
        self._lock = threading.Lock()
        self._written: dict[Path, str] = {}

    def load(self) -> None:
        """Puts back what the files hold. Raises StateError when one cannot be understood."""
        for path, (backends, names) in self._files.items():
            if not path.exists():
                continue
            text = path.read_text()
            try:
                for entry in json.loads(text):
                    backend = backends[entry["account"]][entry["region"]]
                    for name in [name for name in names if name in entry["state"]]:  # an older state lacks newer kinds
                        _put_back(getattr(backend, name), _decode(entry["state"][name], backend))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise StateError(f"{path} cannot be read ({error!r}): move it away to start without it") from error
            self._written[path] = text

    def save(self) -> None:
        """Writes the files whose content changed."""
        with self._lock:
            for path, (backends, names) in self._files.items():
                text = _retrying(functools.partial(_snapshot, backends, names))
                if text != self._written.get(path, "[]"):
                    _write(path, text)
                    self._written[path] = text


class SavingApplication:
    """WSGI middleware: saves the state after each request that may have changed it, before it is answered."""

    def __init__(self, application: Callable[..., Any], state: State) -> None:
        self._application, self._state = application, state

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        answer: Iterable[bytes] = self._application(environ, start_response)
        signed = signature(environ.get("HTTP_AUTHORIZATION", ""))
        operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        if signed and signed.service in _SAVED_SERVICES and not (operation and operation.startswith(_READING)):
            self._state.save()
        return answer


def _snapshot(backends: Any, names: tuple[str, ...]) -> str:
    entries = [
        {"account": account, "region": region, "state": {name: _encode(getattr(backend, name)) for name in names}}
        for account, region, backend in list(backends.iter_backends())
        if any(getattr(backend, name) for name in names if name != "tagger")
    ]
    return json.dumps(entries, indent=1)


def _retrying(make: Callable[[], str]) -> str:
    """Another request may add to a dict while it is walked; the walk is then simply begun again."""
    for _ in range(100):
        try:
            return make()
        except RuntimeError as error:
            if "changed size" not in str(error):
                raise
    raise StateError("the state changes faster than it can be saved")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(path)


def _encode(value: Any) -> Any:
    """Plain JSON for plain values; `{"$": kind, …}` for moto's objects, times and backends."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return {"$": "datetime", "value": value.isoformat()}
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    if isinstance(value, BaseBackend):
        return {"$": "backend"}
    kind = next((base.__name__ for base in type(value).__mro__ if base.__name__ in _KINDS), None)
    if kind is None:
        raise StateError(f"no way to keep a {type(value).__name__}")
    left_out = _NOT_KEPT.get(kind, ())
    return {"$": kind, "value": {name: _encode(item) for name, item in vars(value).items() if name not in left_out}}


def _decode(value: Any, backend: BaseBackend) -> Any:
    if isinstance(value, list):
        return [_decode(item, backend) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("$")
    if kind is None:
        return {key: _decode(item, backend) for key, item in value.items()}
    if kind == "datetime":
        return datetime.fromisoformat(value["value"])
    if kind == "backend":
        return backend
    made: Any = object.__new__(_KINDS[kind])
    vars(made).update({name: _decode(item, backend) for name, item in value["value"].items()})
    for name in _NOT_KEPT.get(kind, ()):
        setattr(made, name, [])
    return made


def _put_back(target: Any, content: Any) -> None:
    if isinstance(target, dict):
        target.update(content)
    elif isinstance(target, list):
        target.extend(content)
    else:
        vars(target).update(vars(content))
