"""Compressed files: GZIP, BZIP2 and ZSTD. A file that is cut off is an error."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from ..errors import LoadError

_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, OSError, ValueError)


@contextmanager
def decompressed(stream: BinaryIO, compression: str, uri: str) -> Iterator[Any]:
    """A file's content.

    Args:
        stream: the file.
        compression: `GZIP`, `BZIP2`, `ZSTD`, or an empty string.
        uri: the object, for errors.

    Raises:
        LoadError: the file is not complete, or not compressed in this way.
    """
    if not compression:
        yield stream
        return
    try:
        with _reader(stream, compression) as content:
            yield _Checked(content, uri)
    except _BROKEN as error:
        raise _broken(error, uri) from error


class _Checked:
    """A stream whose errors are those of its compression. Text readers call `read1` or `read`."""

    def __init__(self, content: Any, uri: str) -> None:
        self._content = content
        self._uri = uri
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        try:
            return bytes(self._content.read(None if size < 0 else size))
        except _BROKEN as error:
            raise _broken(error, self._uri) from error

    read1 = read

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        """Has no effect: the stream is read only."""

    def close(self) -> None:
        self.closed = True


def _broken(error: Exception, uri: str) -> LoadError:
    return LoadError(f"Error while decompressing {uri}: {error}", uri)


def _reader(stream: BinaryIO, compression: str) -> Any:
    if compression == "GZIP":
        return gzip.open(stream)
    if compression == "BZIP2":
        return bz2.open(stream)
    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")


def compressed(path: Path, compression: str) -> Any:
    """Opens a new file for writing bytes, compressed."""
    if compression == "GZIP":
        return gzip.open(path, "wb", compresslevel=6)
    if compression == "BZIP2":
        return bz2.open(path, "wb")
    if compression == "ZSTD":
        return pa.CompressedOutputStream(str(path), "zstd")
    return path.open("wb")
