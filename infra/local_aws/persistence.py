"""Keeps the state of the services in `KEPT` across a restart, as JSON: a file for each, readable by its owner only.

Saved after every request that may have changed it, before the caller gets its answer; written beside and renamed,
so a kill leaves the old state or the new one. S3 keeps itself on disk; what is not in `KEPT` lives in memory and is
created again from the list of resources.

What cannot be kept is left out alone, with a line in the log. If a file cannot be written, the request fails with an
error that says so, what it changed stays in memory, and every later change is refused until all is written.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend

from infra.local_aws.access.callers import signature
from infra.local_aws.operations import operation
from infra.local_aws.state import former
from infra.local_aws.state.decoding import decode
from infra.local_aws.state.encoding import Encoded, encode
from infra.local_aws.state.kept import KEPT, Kept

__all__ = ["KEPT", "SavingApplication", "State", "StateError"]

_LOG = logging.getLogger(__name__)
_FORMAT = 2
_READING = ("Get", "List", "BatchGet", "Describe", "Search", "Simulate", "Head")
_BY_SIGNATURE = {kept.signs_as or service: service for service, kept in KEPT.items()}
_CHANGING_OTHERS = ("tagging", "cloudformation")
"""Services, as in a signature, whose requests change the state of any other one."""


class StateError(RuntimeError):
    """A state file cannot be read: it is from another version, or was edited."""


@dataclass(slots=True)
class _File:
    """The file of one service.

    Attributes:
        path: where.
        lock: held while it is written.
        written: digest of what it holds.
        asked: how often a save was asked for.
        saved: the last of these that is in the file.
        known_losses: what the log has named.
    """

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    written: bytes = b""
    asked: int = 0
    saved: int = 0
    known_losses: set[tuple[str, str]] = field(default_factory=set)


class State:
    """The part of moto's memory that must outlive it, and the files it is kept in."""

    def __init__(self, state_dir: Path) -> None:
        self._files = {service: _File(state_dir / kept.file) for service, kept in KEPT.items()}

    def load(self) -> None:
        """Puts back what the files hold. Raises StateError when one cannot be understood."""
        for service, file in self._files.items():
            if not file.path.exists():
                continue
            text = file.path.read_bytes()
            try:
                _restore(service, json.loads(text))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise StateError(f"{file.path} cannot be read ({error!r}): move it away to start without it") from error
            file.written = _digest(text)

    def save(self, *services: str) -> None:
        """Writes the files whose content changed.

        Args:
            services: names in `KEPT`; all of them if none is given.

        Raises:
            OSError: a file cannot be written; the old one is as it was.
        """
        for service in services or self._files:
            file = self._files[service]
            file.asked += 1
            asked = file.asked
            with file.lock:
                if file.saved < asked:  # else another request has just saved this one's changes with its own
                    latest = file.asked
                    self._write(service, file)
                    file.saved = latest

    def is_behind(self, service: str) -> bool:
        """Whether the last save of a service failed, so that its file lacks what memory has."""
        return self._files[service].asked > self._files[service].saved

    def _write(self, service: str, file: _File) -> None:
        encoded = _encoded(service)
        for lost in encoded.lost:
            if (lost.kind, lost.name) not in file.known_losses:
                file.known_losses.add((lost.kind, lost.name))
                _LOG.warning("%s: %s %s is not kept over a restart: %s", service, lost.kind, lost.name, lost.reason)
        text = _text(service, encoded)
        if (digest := _digest(text)) != file.written:
            _replace(file.path, text)
            file.written = digest


class SavingApplication:
    """WSGI middleware: saves the state after each request that may have changed it, before it is answered."""

    def __init__(self, application: Callable[..., Any], state: State) -> None:
        self._application, self._state = application, state

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        services = _changed(environ)
        for service in services:
            if self._state.is_behind(service):  # not another change on top of one that is not written
                self._state.save(service)
        answer: Iterable[bytes] = self._application(environ, start_response)
        if services:
            self._state.save(*services)
        return answer


def _changed(environ: Mapping[str, Any]) -> tuple[str, ...]:
    """The kept services whose state a request may change."""
    signed = signature(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is not None and signed.service in _CHANGING_OTHERS:
        return tuple(KEPT)
    name = operation(environ)
    if signed is None:  # a session of a web identity or of SAML
        return ("sts",) if name.startswith("AssumeRoleWith") else ()
    service = _BY_SIGNATURE.get(signed.service)
    if service is None or name.startswith(_READING) or name in KEPT[service].changes_nothing:
        return ()
    return (service,)


def _backends(service: str) -> BackendDict[Any]:
    found: BackendDict[Any] = get_backend(service)
    return found


def _kept_attributes(backend: BaseBackend, kept: Kept) -> Iterator[tuple[str, Any]]:
    skipped = kept.of_backend | {"region_name", "account_id", "partition"}
    return ((name, value) for name, value in list(vars(backend).items()) if name not in skipped)


def _encoded(service: str) -> Encoded:
    kept = KEPT[service]
    values = {
        f"{account} {region} {name}": value
        for account, region, backend in list(_backends(service).iter_backends())
        for name, value in _kept_attributes(backend, kept)
    }
    return encode(values, left_out=kept.of_objects, external=_external)


def _external(value: Any) -> str | None:
    """The name of one of moto's backends: they exist anyway."""
    if isinstance(value, BaseBackend):
        return f"backend {type(value).__module__.split('.')[1]} {value.account_id} {value.region_name}"
    if isinstance(value, AccountSpecificBackend):
        return f"account {value.service_name} {value.account_id}"
    return f"service {value.service_name}" if isinstance(value, BackendDict) else None


def _found(name: str) -> Any:
    what, service, *path = name.split(" ")
    found: Any = _backends(service)
    if what not in ("backend", "account", "service"):
        raise ValueError(name)
    for part in path:
        found = found[part]
    return found


def _text(service: str, encoded: Encoded) -> bytes:
    """One line for each object: a person can search the file, and two of them can be compared."""
    parts = []
    for name, content in (("values", encoded.values), ("objects", encoded.objects)):
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
        parts.append(f'"{name}": {{\n{lines}\n}}')
    return f'{{"format": {_FORMAT}, "service": "{service}",\n{parts[0]},\n{parts[1]}}}\n'.encode()


def _restore(service: str, content: Any) -> None:
    if isinstance(content, list):
        former.restore(content, _backends(service))
        return
    if (content["format"], content["service"]) != (_FORMAT, service):
        raise ValueError(f"format {content['format']} of {content['service']}")
    values = decode(content, left_out=KEPT[service].of_objects, external=_found)
    for name, value in values.items():
        account, region, attribute = name.split(" ", 2)
        if attribute not in KEPT[service].of_backend:
            vars(_backends(service)[account][region])[attribute] = value


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _replace(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        part.write_bytes(text)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
