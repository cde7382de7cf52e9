"""The contents of a file: the file itself, or the files in a gzip or zip, streamed within the limits."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from sources.files.errors import Corrupt, LocationRefused, TooLarge
from sources.files.limits import Limits
from sources.files.snapshot import BUFFER, Snapshot

_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # a member, by a strong method, with its directory
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods cannot be read in blocks of limited size
_DIRECTORY_A_MEMBER = 1_024
_DIRECTORY_AT_LEAST = 2**18


def contents(file: Snapshot, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and bytes of everything in a file; a zip's members in the order of their names.

    The first bytes decide what it is, whatever its name.

    Raises:
        Corrupt: it is a broken gzip or zip; also while it is read.
        LocationRefused: a zip is encrypted, empty, or has a name that leads outside; an archive contains another.
        TooLarge: it unpacks to more than the limits allow; also while it is read.
    """
    with file.open() as stream:
        start = _start(stream)
        budget = _Budget(file, limits)
        if start.startswith(_GZIP):
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                yield file.name.removesuffix(".gz"), budget.watch(cast("IO[bytes]", unpacked), "it")
        elif start.startswith(_ZIP):
            yield from _members(file, stream, budget, limits)
        else:
            yield file.name, stream


def _members(file: Snapshot, stream: IO[bytes], budget: _Budget, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    directory = _Directory(stream, file, limits)
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", directory))
    except _BROKEN as error:
        raise Corrupt(f"{file.uri} is a broken zip file ({error}): have it sent again") from error
    with archive:
        directory.is_open = True
        members = [member for member in archive.infolist() if not _is_clutter(member)]
        if not members:
            raise LocationRefused(f"{file.uri} is a zip file without a file in it")
        if len(members) > limits.members:
            raise _too_many(file, limits)
        for member in members:
            _check(member, file)
        for member in sorted(members, key=lambda member: member.filename):
            try:
                unpacked = archive.open(member)
            except _BROKEN as error:
                raise Corrupt(f"{file.uri} is broken at {member.filename} ({error}): have it sent again") from error
            with unpacked:
                yield member.filename, budget.watch(unpacked, member.filename)


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Whether it is a folder, or one of the files that macOS adds."""
    return member.is_dir() or member.filename.startswith("__MACOSX/") or member.filename.endswith(".DS_Store")


def _check(member: zipfile.ZipInfo, file: Snapshot) -> None:
    name = member.filename
    if member.flag_bits & _ENCRYPTED:
        raise LocationRefused(f"{file.uri} is encrypted (at {name!r}): have it sent without a password")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
        raise LocationRefused(f"{file.uri} contains the name {name!r}, which leads outside: it is not trusted")
    if member.compress_type not in _METHODS:
        raise LocationRefused(
            f"{file.uri} is packed with method {member.compress_type} (at {name!r}), which is not supported: "
            "have it sent as an ordinary zip, or as gzip"
        )


def _too_many(file: Snapshot, limits: Limits) -> TooLarge:
    return TooLarge(f"{file.uri} contains more than {limits.members:,} files: have fewer sent, or raise the limit")


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes, without consuming them."""
    return bytes(stream.peek(4)[:4])  # type: ignore[attr-defined]


class _Budget:
    """The number of bytes that a file may unpack to, over all its members."""

    def __init__(self, file: Snapshot, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._most = limits.unpacked(file.size)
        self._taken = 0

    def watch(self, stream: IO[bytes], name: str) -> IO[bytes]:
        """The stream, which now raises TooLarge and Corrupt. Raises LocationRefused if it is another archive."""
        watched = io.BufferedReader(_Watched(stream, self), BUFFER)
        if _start(watched).startswith((_GZIP, *_ZIP)):
            raise LocationRefused(
                f"{self._file.uri} is packed twice: {name} contains another archive; have it sent packed once"
            )
        return watched

    def read(self, stream: IO[bytes], size: int) -> bytes:
        """Read, and count the bytes."""
        try:
            block = stream.read(size)
        except _BROKEN as error:
            raise Corrupt(f"{self._file.uri} is broken ({error}): have it sent again") from error
        self._taken += len(block)
        if self._taken > self._most:
            raise TooLarge(
                f"more than {self._most:,} bytes come out of {self._file.uri}, which has {self._file.size:,}: the "
                f"limits are {self._limits.bytes:,} bytes and {self._limits.ratio} times its size; if it is not a "
                "bomb, raise the limits"
            )
        return block


class _Watched(io.RawIOBase):
    """A stream within a budget; it stays open when its reader is closed."""

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._budget.read(self._stream, len(buffer))
        buffer[: len(block)] = block
        return len(block)


class _Directory:
    """A zip file. Until it is open, no more is read of it than a directory of the permitted members can occupy.

    zipfile reads the whole directory, and creates an object of a thousand bytes for every entry.
    """

    def __init__(self, stream: IO[bytes], file: Snapshot, limits: Limits) -> None:
        self._stream = stream
        self._file = file
        self._limits = limits
        self._most = max(limits.members * _DIRECTORY_A_MEMBER, _DIRECTORY_AT_LEAST)
        self.is_open = False
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        """Read; raises TooLarge."""
        if not self.is_open and size > self._most:
            raise _too_many(self._file, self._limits)
        return self._stream.read(size)
