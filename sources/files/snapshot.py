"""A file as it is at one moment: copied to the local disk, so that it can be hashed before it is landed."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from sources.files.errors import TooLarge, Unreachable, shown
from sources.files.limits import Limits
from sources.files.stores import Store

_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file's bytes on the local disk.

    Attributes:
        name: its name at its location.
        uri: where it came from, as it may be shown.
        sha256: of its bytes, in hex.
        size: bytes.
        stream: the bytes; seekable.
    """

    name: str
    uri: str
    sha256: str
    size: int
    stream: IO[bytes]


@contextmanager
def snapshot(store: Store, uri: str, name: str, limits: Limits) -> Iterator[Snapshot]:
    """Copy a file to a nameless temporary file, which is gone when the block, or the process, ends.

    Raises:
        TooLarge: it is larger than the limits allow.
        Unreachable: it took longer than the limits allow.
        Whatever the store raises.
    """
    give_up_at = time.monotonic() + limits.deadline_s
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile(prefix="boxoffice-file-") as copy:
        with store.open(uri) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                copy.write(block)
                size += len(block)
                if size > limits.bytes:
                    raise TooLarge(f"{shown(uri)} is larger than {limits.bytes:,} bytes: nothing of it was kept")
                if time.monotonic() > give_up_at:
                    raise Unreachable(f"{shown(uri)} took longer than {limits.deadline_s:g} s: try again later")
        copy.seek(0)
        yield Snapshot(name, shown(uri), digest.hexdigest(), size, copy)
