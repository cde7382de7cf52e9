"""Keeps the state of the services in `KEPT` across a restart, as JSON: a file for each, readable by its owner only.

Saved after every request that may have changed it, before the caller gets its answer; written beside and renamed,
so a kill leaves the old state or the new one. S3 keeps itself on disk; what is not in `KEPT` lives in memory and is
created again from the list of resources.

What cannot be kept is left out alone, with a line in the log. If the disk has no room for a change, the request is
refused before it changes anything. If a file cannot be written all the same, the request fails with an error that says
so, what it changed stays in memory and is written as soon as it can be, and every change until then is refused.
"""

import functools
import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend

from . import account
from .protocol import target
from .room import Later, NoRoom, NotWrittenYet, is_full, require_room, write_whole
from .state import former
from .state.decoding import decode
from .state.encoding import Encoder
from .state.kept import KEPT, Kept

__all__ = ["KEPT", "SavingApplication", "State", "StateError"]

_LOG = logging.getLogger(__name__)
_FORMAT = 2
_MOST_ADDED = 64 * 1024
"""Bytes by which a request makes a file larger, besides what it sends: the objects that moto makes of that."""
_LONGER = 4
"""How many bytes of a file a byte of a request takes at most: it is escaped there, and perhaps kept twice."""
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
        encoder: makes its content.
        lock: held while it is written.
        written: digest of what it holds.
        size: of what it holds, in bytes.
        asked: how often a save was asked for.
        saved: the last of these that is in the file.
        is_behind: the last save failed, or is under way.
        known_losses: what the log has named.
    """

    path: Path
    encoder: Encoder
    lock: threading.Lock = field(default_factory=threading.Lock)
    written: bytes = b""
    size: int = 0
    asked: int = 0
    saved: int = 0
    is_behind: bool = False
    known_losses: set[tuple[str, str]] = field(default_factory=set)


class State:
    """The part of moto's memory that must outlive it, and the files it is kept in.

    Args:
        state_dir: where.
        later: writes what could not be written.
    """

    def __init__(self, state_dir: Path, later: Later) -> None:
        self._state_dir, self._later = state_dir, later
        self._files = {
            service: _File(state_dir / kept.file, Encoder(kept.of_objects, _external)) for service, kept in KEPT.items()
        }

        self._counting = threading.Lock()

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
            file.written, file.size = _digest(text), len(text)

    def save(self, *services: str) -> None:
        """Writes the files whose content changed.

        Args:
            services: names in `KEPT`; all of them if none is given.

        Raises:
            OSError: a file cannot be written; the old one is as it was. It is written later.
        """
        for service in services or self._files:
            file = self._files[service]
            with self._counting:
                file.asked += 1
                asked = file.asked
            with file.lock:
                if file.saved >= asked:  # another request has just saved this one's changes with its own
                    continue
                latest, file.is_behind = file.asked, True
                try:
                    self._write(service, file)
                except OSError as error:
                    self._later.add(f"the state of {service}", functools.partial(self.save, service), error)
                    raise
                file.saved, file.is_behind = latest, False

    def require_room(self, services: Iterable[str], size: int) -> None:
        """Refuse a change for which there is no room, and any on top of one that is not written.

        Args:
            services: whose state may change.
            size: of the request, in bytes.

        Raises:
            NoRoom: the disk is full.
            OSError: an earlier change cannot be written for another reason.
        """
        needed = 0
        for service in services:
            file = self._files[service]
            needed += file.size + _MOST_ADDED
            if file.is_behind:
                try:
                    self.save(service)
                except OSError as error:
                    if not is_full(error):
                        raise
                    raise NoRoom(*error.args, error.filename) from error
        if needed:
            require_room(self._state_dir, needed + _LONGER * size)

    def _write(self, service: str, file: _File) -> None:
        encoded = file.encoder.encode(_values(service))
        for lost in encoded.lost:
            if (lost.kind, lost.name) not in file.known_losses:
                file.known_losses.add((lost.kind, lost.name))
                _LOG.warning("%s: %s %s is not kept over a restart: %s", service, lost.kind, lost.name, lost.reason)
        text = f'{{"format": {_FORMAT}, "service": "{service}", "state": {encoded.text()}}}\n'.encode()
        if (digest := _digest(text)) != file.written:
            write_whole(file.path, text)
            file.written, file.size = digest, len(text)


class SavingApplication:
    """WSGI middleware: saves the state after each request that may have changed it, before it is answered."""

    def __init__(self, application: Callable[..., Any], state: State) -> None:
        self._application, self._state = application, state

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        services = _changed(environ)
        self._state.require_room(services, int(environ.get("CONTENT_LENGTH") or 0))
        answer: Iterable[bytes] = self._application(environ, start_response)
        if services:
            try:
                self._state.save(*services)
            except OSError as error:
                if not is_full(error):
                    raise
                raise NotWrittenYet(*error.args, error.filename) from error
        return answer


def _changed(environ: dict[str, Any]) -> tuple[str, ...]:
    """The kept services whose state a request may change."""
    asked = target(environ)
    if asked.service in _CHANGING_OTHERS:
        return tuple(KEPT)
    if not asked.service:  # unsigned: a session of a web identity or of SAML
        return ("sts",) if asked.operation.startswith("AssumeRoleWith") else ()
    service = _BY_SIGNATURE.get(asked.service)
    if service is None or asked.operation.startswith(_READING) or asked.operation in KEPT[service].changes_nothing:
        return ()
    return (service,)


def _backends(service: str) -> BackendDict[Any]:
    found: BackendDict[Any] = get_backend(service)
    return found


def _kept_attributes(backend: BaseBackend, kept: Kept) -> Iterator[tuple[str, Any]]:
    skipped = kept.of_backend | {"region_name", "account_id", "partition"}
    return ((name, value) for name, value in list(vars(backend).items()) if name not in skipped)


def _values(service: str) -> dict[str, Any]:
    """The kept attributes of all backends of a service. moto makes empty ones of its own default account, too."""
    return {
        f"{account.ID} {region} {name}": value
        for region, backend in list(_backends(service)[account.ID].items())
        for name, value in _kept_attributes(backend, KEPT[service])
    }


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


def _restore(service: str, content: Any) -> None:
    if isinstance(content, list):
        former.restore(content, _backends(service))
        return
    if (content["format"], content["service"]) != (_FORMAT, service):
        raise ValueError(f"format {content['format']} of {content['service']}")
    values = decode(content["state"], left_out=KEPT[service].of_objects, external=_found)
    for name, value in values.items():
        owner, region, attribute = name.split(" ", 2)
        if attribute not in KEPT[service].of_backend:
            vars(_backends(service)[owner][region])[attribute] = value


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text).digest()
