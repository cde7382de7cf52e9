"""Files for the tests of this folder, and how they are landed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from schemas.formats import Delimited
from sources.files import (
    EntityFiles,
    Extracted,
    Limits,
    extract,
)
from tests.fixtures.landing import MemoryLanding
from tests.fixtures.sales import COLUMNS

PIPE = Delimited(COLUMNS, "|", quote=None)
TEXT = b"".join(b"%d|buyer %d|9.50\r\n" % (number, number) for number in range(1000))
SMALL = Limits(part_bytes=1000)


def sales(pattern: str = "sales.txt", form: Any = PIPE, **changes: Any) -> list[EntityFiles]:
    return [EntityFiles("sales", pattern, form, **changes)]


def land(landing: MemoryLanding, location: object, pattern: str = "sales.txt", **changes: Any) -> Extracted:
    (extracted,) = extract(landing, sales(pattern), str(location), **{"limits": SMALL, **changes})
    return extracted


def landed(landing: MemoryLanding) -> bytes:
    return b"".join(landing.objects[name] for name in landing.names("sales"))


def zipped(method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


# --- many files -------------------------------------------------------------------------------------------------------
def many(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"s-{number:04d}.txt").write_bytes(b"%d||\n" % number)


class Endless(io.RawIOBase):
    """A file of many lines that is never in memory."""

    def __init__(self, megabytes: int) -> None:
        self._blocks = iter([TEXT * 44] * megabytes)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._blocks, b"")
        block, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)


class OneFile:
    """A store of one file."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes

    def open(self, uri: str) -> Any:
        return io.BufferedReader(Endless(self._megabytes))

    def list(self, location: str) -> Any:
        raise AssertionError


class Nowhere(MemoryLanding):
    """Counts what is landed and keeps nothing."""

    def land(self, name: str, body: bytes, **rest: Any) -> None:
        self.landed += len(body)
