"""What is in a file: itself, or what a gzip or zip holds, streamed under the eye of the limits."""

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
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others one cannot be read a bounded bit at a time
_DIRECTORY_A_MEMBER = 1_024
_DIRECTORY_AT_LEAST = 2**18


def contents(file: Snapshot, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and bytes of everything in a file; a zip's members in the order of their names.

    Its first bytes say what it is, whatever it is called.

    Raises:
        Corrupt: it is a broken gzip or zip; also while it is being read.
        LocationRefused: a zip is encrypted, holds nothing, or a name in it leads elsewhere; an archive holds another.
        TooLarge: more comes out of it than the limits allow; also while it is being read.
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
    """Folders, and what macOS adds."""
    return member.is_dir() or member.filename.startswith("__MACOSX/") or member.filename.endswith(".DS_Store")


def _check(member: zipfile.ZipInfo, file: Snapshot) -> None:
    name = member.filename
    if member.flag_bits & _ENCRYPTED:
        raise LocationRefused(f"{file.uri} is encrypted (at {name!r}): have it sent without a password")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
        raise LocationRefused(f"{file.uri} holds the name {name!r}, which leads elsewhere: it is not trusted")
    if member.compress_type not in _METHODS:
        raise LocationRefused(
            f"{file.uri} is packed by method {member.compress_type} (at {name!r}), which is not read: "
            "have it sent as an ordinary zip, or as gzip"
        )


def _too_many(file: Snapshot, limits: Limits) -> TooLarge:
    return TooLarge(f"{file.uri} holds more than {limits.members:,} files: have it sent in fewer, or raise the limit")


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes, which are still to be read."""
    return bytes(stream.peek(4)[:4])  # type: ignore[attr-defined]


class _Budget:
    """The bytes that may come out of a file, over all its members."""

    def __init__(self, file: Snapshot, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._most, self._taken = limits.unpacked(file.size), 0

    def watch(self, stream: IO[bytes], name: str) -> IO[bytes]:
        """The stream, which from now on raises TooLarge and Corrupt.

        Raises LocationRefused when it is an archive again.
        """
        watched = io.BufferedReader(_Watched(stream, self), BUFFER)
        if _start(watched).startswith((_GZIP, *_ZIP)):
            raise LocationRefused(
                f"{self._file.uri} is packed twice: {name} holds an archive again; have it sent packed once"
            )
        return watched

    def read(self, stream: IO[bytes], size: int) -> bytes:
        """Read, and count."""
        try:
            block = stream.read(size)
        except _BROKEN as error:
            raise Corrupt(f"{self._file.uri} is broken ({error}): have it sent again") from error
        self._taken += len(block)
        if self._taken > self._most:
            raise TooLarge(
                f"more than {self._most:,} bytes come out of {self._file.uri}, which has {self._file.size:,}: the "
                f"limits are {self._limits.bytes:,} bytes and {self._limits.ratio} times its size; if it is not a "
                "bomb, raise them"
            )
        return block


class _Watched(io.RawIOBase):
    """A stream on a budget; it stays open when its reader is closed."""

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._budget.read(self._stream, len(buffer))
        buffer[: len(block)] = block
        return len(block)


class _Directory:
    """A zip file of which, until it is open, only so much is read as the directory of the members allowed can take.

    zipfile reads the directory whole, and makes objects of a thousand bytes of every entry.
    """

    def __init__(self, stream: IO[bytes], file: Snapshot, limits: Limits) -> None:
        self._stream, self._file, self._limits = stream, file, limits
        self._most = max(limits.members * _DIRECTORY_A_MEMBER, _DIRECTORY_AT_LEAST)
        self.is_open = False
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """Read; raises TooLarge."""
        if not self.is_open and size > self._most:
            raise _too_many(self._file, self._limits)
        return self._stream.read(size)
