"""What is in a file: itself, or what a gzip or zip holds, streamed under the eye of the limits."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from sources.files.errors import Corrupt, Refused, TooLarge
from sources.files.limits import Limits
from sources.files.snapshot import Snapshot

_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
_ENCRYPTED = 0x1


def contents(file: Snapshot, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and bytes of everything in a file; a zip's members in the order of their names.

    Its first bytes say what it is, whatever it is called. An archive inside an archive stays as it is.

    Raises:
        Corrupt: it is a broken gzip or zip; also while it is being read.
        Refused: a zip is encrypted, holds nothing, or a name in it leads elsewhere.
        TooLarge: more comes out of it than the limits allow; also while it is being read.
    """
    start = file.stream.read(4)
    file.stream.seek(0)
    budget = _Budget(file, limits)
    if start.startswith(_GZIP):
        with gzip.GzipFile(fileobj=file.stream, mode="rb") as unpacked:
            yield file.name.removesuffix(".gz"), budget.watch(cast("IO[bytes]", unpacked))
    elif start.startswith(_ZIP):
        yield from _members(file, budget)
    else:
        yield file.name, io.BufferedReader(_Whole(file.stream))


def _members(file: Snapshot, budget: _Budget) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        archive = zipfile.ZipFile(file.stream)
    except _BROKEN as error:
        raise Corrupt(f"{file.uri} is a broken zip file ({error}): have it sent again") from error
    with archive:
        members = [member for member in archive.infolist() if not _is_clutter(member)]
        if not members:
            raise Refused(f"{file.uri} is a zip file without a file in it")
        for member in members:
            _check(member, file)
        for member in sorted(members, key=lambda member: member.filename):
            try:
                unpacked = archive.open(member)
            except _BROKEN as error:
                raise Corrupt(f"{file.uri} is broken at {member.filename} ({error}): have it sent again") from error
            with unpacked:
                yield member.filename, budget.watch(unpacked)


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS adds."""
    return member.is_dir() or member.filename.startswith("__MACOSX/") or member.filename.endswith(".DS_Store")


def _check(member: zipfile.ZipInfo, file: Snapshot) -> None:
    name = member.filename
    if member.flag_bits & _ENCRYPTED:
        raise Refused(f"{file.uri} is encrypted (at {name!r}): have it sent without a password")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
        raise Refused(f"{file.uri} holds the name {name!r}, which leads elsewhere: it is not trusted")


class _Budget:
    """The bytes that may come out of a file, over all its members."""

    def __init__(self, file: Snapshot, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._most, self._taken = limits.unpacked(file.size), 0

    def watch(self, stream: IO[bytes]) -> IO[bytes]:
        """The stream, which from now on raises TooLarge and Corrupt."""
        return io.BufferedReader(_Watched(stream, self))

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


class _Whole(io.RawIOBase):
    """A stream that stays open when its reader is closed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _read(self, size: int) -> bytes:
        return self._stream.read(size)


class _Watched(_Whole):
    """A stream on a budget."""

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        super().__init__(stream)
        self._budget = budget

    def _read(self, size: int) -> bytes:
        return self._budget.read(self._stream, size)
