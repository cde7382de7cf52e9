"""Where files lie: a local folder, the web, or (handed in, since no source knows AWS) a bucket."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any, Protocol, cast
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import url2pathname

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from sources.files.errors import LocationRefused, LocationUnreachable, NoSuchFile, TooLarge, Unsettled, shown
from sources.files.limits import Limits

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_RETRIES = Retry(
    total=3, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504), respect_retry_after_header=False
)
_TALKATIVE = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")
_QUERY = re.compile(r"\?[^\s'\"]*")


class Store(Protocol):
    """Opens and lists files.

    Opening one that may still be being written, as far as the store can tell, raises Unsettled; so does reading one to
    its end while it changes.
    """

    def open(self, uri: str) -> AbstractContextManager[IO[bytes]]:
        """Stream a file; what it raises comes from here or from the bucket's own library.

        `read` of the stream gives what has arrived: at most as many bytes as it is asked for, none at the end. Were it
        to wait for all of them, a sender of single bytes could hold its reader for ever.
        """

    def list(self, location: str) -> Iterator[str]:
        """The names of the files directly at a location, sorted."""


class LocalFolder:
    """Files of this machine, as a path or a `file://` URI.

    Args:
        settle_s: seconds that a file must have been left alone for.
    """

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s

    @contextmanager
    def open(self, uri: str) -> Iterator[IO[bytes]]:
        """Stream a file. Raises NoSuchFile, Unsettled, and LocationRefused when it may not be read."""
        path = _path(uri)
        with self._opened(path, uri) as stream:
            before = os.fstat(stream.fileno())
            _demand_settled(uri, _now() - before.st_mtime, self._settle_s)
            yield stream
            if not path.exists() or _state(path.stat()) != _state(before):
                raise Unsettled(f"{shown(uri)} changed while it was read", self._settle_s)

    def _opened(self, path: Path, uri: str) -> IO[bytes]:
        try:
            if path.is_file():  # and no pipe, which could wait for ever
                return path.open("rb")
        except PermissionError as error:
            raise LocationRefused(f"{shown(uri)} may not be read: allow it to the user who runs the extract") from error
        raise NoSuchFile(f"there is no file {shown(uri)}")

    def list(self, location: str) -> Iterator[str]:
        """The names of the files in a folder, sorted. Raises NoSuchFile when there is no such folder."""
        folder = _path(location)
        if not folder.is_dir():
            raise NoSuchFile(f"there is no folder {shown(location)}")
        return iter(sorted(path.name for path in folder.iterdir() if path.is_file()))


class Web:
    """Files behind `https://` (`http://` on this machine only); redirects may not lead elsewhere.

    Args:
        limits: how long to wait for a byte, and how much may be unpacked from those that arrive.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    @contextmanager
    def open(self, uri: str) -> Iterator[IO[bytes]]:
        """Stream a file.

        Raises NoSuchFile, LocationUnreachable, LocationRefused, Unsettled; while it is read, also TooLarge.
        """
        _demand_secure(uri)
        with _without_queries_in_logs(), _Session() as session:
            try:
                with session.get(uri, stream=True, timeout=self._limits.timeout_s) as response:
                    _check(response.status_code, uri)
                    _demand_settled(uri, _age(response.headers), self._limits.settle_s)
                    # a Content-Encoding is how the bytes travel, a .gz is what they are
                    response.raw.decode_content = True
                    yield cast("IO[bytes]", _AsItArrives(response.raw, uri, self._limits))
            except (requests.RequestException, HTTPError) as error:
                kind = type(error).__name__  # its text may hold the whole URL
                raise LocationUnreachable(f"{shown(uri)} cannot be read ({kind}): try again later") from None

    def list(self, location: str) -> Iterator[str]:
        """The web has no listing. Raises LocationRefused."""
        raise LocationRefused(f"{shown(location)} cannot be listed: name its files, without * and ?")


class _AsItArrives:
    """A stream whose `read` does not wait for as many bytes as it is asked for.

    What is unpacked on the way is measured against what arrived: a Content-Encoding can be a bomb like any other gzip.
    """

    def __init__(self, raw: Any, uri: str, limits: Limits) -> None:
        self._raw, self._uri, self._limits = raw, uri, limits
        self._taken = 0

    def read(self, size: int) -> bytes:
        """What is there, at most so many bytes. Raises TooLarge."""
        block: bytes = self._raw.read1(size)
        self._taken += len(block)
        arrived = self._raw.tell()
        if self._taken > max(arrived, most := self._limits.unpacked(arrived)):
            raise TooLarge(
                f"more than {most:,} bytes come out of the {arrived:,} that arrived of {shown(self._uri)}, packed for "
                f"the way: the limits are {self._limits.bytes:,} bytes and {self._limits.ratio} times what arrives; if "
                "it is not a bomb, have it sent unpacked, or raise them"
            )
        return block


@contextmanager
def _without_queries_in_logs() -> Iterator[None]:
    """urllib3 logs the path and the query of what it asks for, be it a signature."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_without_query)
    try:
        yield
    finally:
        for name in _TALKATIVE:
            logging.getLogger(name).removeFilter(_without_query)


def _without_query(record: logging.LogRecord) -> bool:
    record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
    return True


class _Session(requests.Session):
    """Retries what deserves it, and looks at where a redirect leads before it follows."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", HTTPAdapter(max_retries=_RETRIES))
        self.mount("http://", HTTPAdapter(max_retries=_RETRIES))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None:
            try:
                _demand_secure(urljoin(resp.url, target))
            except LocationRefused:
                resp.close()  # no one else has it yet
                raise
        return target


def store_of(location: str, limits: Limits, bucket: Store | None = None) -> Store:
    """The store of a location by its scheme.

    Args:
        location: a path, or a URI of `file`, `https` or `s3`.
        limits: what a server may ask of the machine.
        bucket: opens `s3://` URIs.

    Raises:
        LocationRefused: there is no store for such a location.
    """
    match location.partition("://"):
        case ("", _, _):
            raise LocationRefused("there is no location: name a folder, file://, https:// or s3://")
        case (_, "", _):
            return LocalFolder(limits.settle_s)
        case ("file", _, path) if path.startswith(("/", "localhost/")):
            return LocalFolder(limits.settle_s)
        case ("https" | "http", _, _):
            return Web(limits)
        case ("s3", _, path) if "@" in path.partition("/")[0]:
            raise LocationRefused(f"{shown(location)} is given with a user: credentials belong into the environment")
        case ("s3", _, _) if bucket is not None:
            return bucket
    raise LocationRefused(f"{shown(location)} is no location of files: use a folder, file:///, https:// or s3://")


def located(location: str, name: str) -> str:
    """The URI of a file at a location. A query, such as a signature for the whole location, stays at the end.

    >>> located("https://example.com/files?signature=abc", "sales 2026.csv")
    'https://example.com/files/sales%202026.csv?signature=abc'
    >>> located("s3://bucket/files/", "sales.csv")
    's3://bucket/files/sales.csv'
    """
    scheme = location.partition("://")[0]
    if scheme in ("https", "http"):
        _demand_secure(location)
        parts = urlsplit(location)
        return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{quote(name)}", parts.query, ""))
    return f"{location.rstrip('/')}/{quote(name) if scheme == 'file' else name}"


def _path(uri: str) -> Path:
    return Path(url2pathname(urlsplit(uri).path)) if uri.startswith("file://") else Path(uri)


def _now() -> float:
    """Seconds since 1970, as the times of files are told."""
    return time.time()


def _demand_settled(uri: str, age_s: float | None, settle_s: float) -> None:
    """Raise Unsettled when a file changed a moment ago. A time that lies in the future says nothing."""
    if age_s is not None and 0 <= age_s < settle_s:
        raise Unsettled(f"{shown(uri)} changed {age_s:.0f} s ago", settle_s - age_s)


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _age(headers: Mapping[str, str]) -> float | None:
    """Seconds since a file changed, by the clock of the server that has it; None when it does not say."""
    try:
        changed, now = (parsedate_to_datetime(headers[name]) for name in ("Last-Modified", "Date"))
        return (now - changed).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None


def _demand_secure(uri: str) -> None:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        raise LocationRefused(f"{shown(uri)} is no address: write it as https://host/folder") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS):
        raise LocationRefused(f"{shown(uri)} is not secure: files are read over https:// only")


def _check(status: int, uri: str) -> None:
    if status in (404, 410):
        raise NoSuchFile(f"there is no file {shown(uri)} (HTTP {status})")
    if status == 429 or status >= 500:
        raise LocationUnreachable(f"{shown(uri)} cannot be read now (HTTP {status}): try again later")
    if status != 200:
        raise LocationRefused(
            f"{shown(uri)} is refused (HTTP {status}): see whether it is public, or the address is right"
        )
