"""Saves the state of the services in `SAVED_SERVICES`, as JSON: a file for each, readable by its owner only.

The state is saved after every request that may have changed it, before the caller gets its response. It is written to
a temporary file that is then renamed, so a kill leaves either the old state or the new one. S3 is on disk anyway. Any
other service is in memory, and is created again from the list of resources.

An object that can't be saved is left out, with a line in the log. If the disk has no room for a change, the request is
refused before it changes anything. If a file can't be written in spite of that, the request fails with an error that
explains it. The change stays in memory and is written as soon as possible, and every further change is refused until
then.
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
from .state.kept import SAVED_SERVICES, SavedService

__all__ = ["SAVED_SERVICES", "SavingApplication", "StateError", "StateStore"]

_LOG = logging.getLogger(__name__)
_FORMAT = 2
_MOST_ADDED = 64 * 1024
"""Bytes that a request may add to a file besides its own content: the objects that moto creates from it."""
_LONGER = 4
"""How many bytes of a file one byte of a request takes at most: it may be escaped, and stored twice."""
_READING = ("Get", "List", "BatchGet", "Describe", "Search", "Simulate", "Head")
_BY_SIGNATURE = {saved_service.signs_as or service: service for service, saved_service in SAVED_SERVICES.items()}
_CHANGING_OTHERS = ("tagging", "cloudformation")
"""Services, by their name in a signature, whose requests may change the state of any other service."""


class StateError(RuntimeError):
    """A state file can't be read: it is from another version, or was edited."""


@dataclass(slots=True)
class _File:
    """The file of one service.

    Attributes:
        path: its path.
        encoder: creates its content.
        lock: held while the file is written.
        written: digest of its content.
        size: size of its content, in bytes.
        requested: number of requested saves.
        saved: the number of the last request that is in the file.
        is_behind: the last save failed, or is in progress.
        known_omissions: the omissions that have been logged.
    """

    path: Path
    encoder: Encoder
    lock: threading.Lock = field(default_factory=threading.Lock)
    written: bytes = b""
    size: int = 0
    requested: int = 0
    saved: int = 0
    is_behind: bool = False
    known_omissions: set[tuple[str, str]] = field(default_factory=set)


class StateStore:
    """The part of moto's memory that is saved, and its files.

    Args:
        state_dir: the directory of the files.
        later: retries failed writes.
    """

    def __init__(self, state_dir: Path, later: Later) -> None:
        self._state_dir = state_dir
        self._later = later
        self._files = {
            service: _File(state_dir / saved_service.file, Encoder(saved_service.of_objects, _external))
            for service, saved_service in SAVED_SERVICES.items()
        }

        self._counting = threading.Lock()

    def load(self) -> None:
        """Loads the files. Raises StateError if one can't be read."""
        for service, file in self._files.items():
            if not file.path.exists():
                continue
            text = file.path.read_bytes()
            try:
                _restore(service, json.loads(text))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise StateError(f"{file.path} cannot be read ({error!r}): move it away to start without it") from error
            file.written = _digest(text)
            file.size = len(text)

    def save(self, *services: str) -> None:
        """Writes the files whose content has changed.

        Args:
            services: names in `SAVED_SERVICES`; by default all of them.

        Raises:
            OSError: a file can't be written, and still has its old content. It will be written later.
        """
        for service in services or self._files:
            file = self._files[service]
            with self._counting:
                file.requested += 1
                request_number = file.requested
            with file.lock:
                if file.saved >= request_number:  # another request has just saved this one's changes with its own
                    continue
                latest = file.requested
                file.is_behind = True
                try:
                    self._write(service, file)
                except OSError as error:
                    self._later.add(f"the state of {service}", functools.partial(self.save, service), error)
                    raise
                file.saved = latest
                file.is_behind = False

    def require_room(self, services: Iterable[str], size: int) -> None:
        """Refuses a change for which there is no room, and any change after one that is not saved.

        Args:
            services: the services whose state may change.
            size: of the request, in bytes.

        Raises:
            NoRoom: the disk is full.
            OSError: an earlier change can't be saved for another reason.
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
        for omission in encoded.omissions:
            if (omission.kind, omission.name) not in file.known_omissions:
                file.known_omissions.add((omission.kind, omission.name))
                _LOG.warning(
                    "%s: %s %s does not survive a restart: %s", service, omission.kind, omission.name, omission.reason
                )
        text = f'{{"format": {_FORMAT}, "service": "{service}", "state": {encoded.text()}}}\n'.encode()
        if (digest := _digest(text)) != file.written:
            write_whole(file.path, text)
            file.written = digest
            file.size = len(text)


class SavingApplication:
    """WSGI middleware: saves the state after each request that may have changed it, before it is answered."""

    def __init__(self, application: Callable[..., Any], state: StateStore) -> None:
        self._application = application
        self._state = state

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handles one request."""
        services = _changed_services(environ)
        self._state.require_room(services, int(environ.get("CONTENT_LENGTH") or 0))
        response: Iterable[bytes] = self._application(environ, start_response)
        if services:
            try:
                self._state.save(*services)
            except OSError as error:
                if not is_full(error):
                    raise
                raise NotWrittenYet(*error.args, error.filename) from error
        return response


def _changed_services(environ: dict[str, Any]) -> tuple[str, ...]:
    """The saved services whose state a request may change."""
    request_target = target(environ)
    if request_target.service in _CHANGING_OTHERS:
        return tuple(SAVED_SERVICES)
    if not request_target.service:  # unsigned: a session of a web identity or of SAML
        return ("sts",) if request_target.operation.startswith("AssumeRoleWith") else ()
    service = _BY_SIGNATURE.get(request_target.service)
    if (
        service is None
        or request_target.operation.startswith(_READING)
        or request_target.operation in SAVED_SERVICES[service].read_only_operations
    ):
        return ()
    return (service,)


def _backends(service: str) -> BackendDict[Any]:
    backends: BackendDict[Any] = get_backend(service)
    return backends


def _saved_attributes(backend: BaseBackend, saved_service: SavedService) -> Iterator[tuple[str, Any]]:
    skipped = saved_service.of_backend | {"region_name", "account_id", "partition"}
    return ((name, value) for name, value in list(vars(backend).items()) if name not in skipped)


def _values(service: str) -> dict[str, Any]:
    """The saved attributes of all backends of a service, but not of those that moto creates for its default account."""
    return {
        f"{account.ID} {region} {name}": value
        for region, backend in list(_backends(service)[account.ID].items())
        for name, value in _saved_attributes(backend, SAVED_SERVICES[service])
    }


def _external(value: Any) -> str | None:
    """The name of one of moto's backends, which exist anyway."""
    if isinstance(value, BaseBackend):
        return f"backend {type(value).__module__.split('.')[1]} {value.account_id} {value.region_name}"
    if isinstance(value, AccountSpecificBackend):
        return f"account {value.service_name} {value.account_id}"
    return f"service {value.service_name}" if isinstance(value, BackendDict) else None


def _external_object(name: str) -> Any:
    kind, service, *path = name.split(" ")
    value: Any = _backends(service)
    if kind not in ("backend", "account", "service"):
        raise ValueError(name)
    for part in path:
        value = value[part]
    return value


def _restore(service: str, content: Any) -> None:
    if isinstance(content, list):
        former.restore(content, _backends(service))
        return
    if (content["format"], content["service"]) != (_FORMAT, service):
        raise ValueError(f"format {content['format']} of {content['service']}")
    values = decode(content["state"], left_out=SAVED_SERVICES[service].of_objects, external=_external_object)
    for name, value in values.items():
        owner, region, attribute = name.split(" ", 2)
        if attribute not in SAVED_SERVICES[service].of_backend:
            vars(_backends(service)[owner][region])[attribute] = value


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text).digest()
