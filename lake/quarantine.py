"""The quarantine: rejected records, each whole and verbatim, with its origin and every reason.

A file has one JSON object per line, gzipped. The record is text in it, not JSON inside JSON: this preserves repeated
keys, number formats and broken syntax, and gives every line the same columns for a catalog.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from lake.records import RecordError, without_indexes

BYTES_A_FILE = 64 * 2**20
"""Size before compression at which a file is closed and the next one begins."""


@dataclass(frozen=True, slots=True)
class QuarantineFile:
    """A finished file of rejected records.

    Attributes:
        part: number of the file, from 0.
        path: its local path.
        records: its number of records.
        bytes: its size.
    """

    part: int
    path: Path
    records: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a record.

    Attributes:
        uri: the raw object.
        index: the record's position in it, from 0.
        file: URI of the file that the raw object is a part of, as its source names it; None for an API's response.
        line: line of that file where the record begins, from 1; None if the format has no lines.
        head: the top of the file that is needed to read the record alone.
    """

    uri: str
    index: int
    file: str | None = None
    line: int | None = None
    head: bytes = b""

    def __str__(self) -> str:
        place = f"record {self.index}" if self.line is None else f"line {self.line}"
        return f"{place} of {self.file or self.uri}"


class QuarantineWriter:
    """Writes rejected records.

    Args:
        directory: the folder for the files.
        is_json: whether the records are JSON.
        contract_version: version of the contract that they break.
        bytes_a_file: size before compression at which the next file begins.
    """

    def __init__(
        self, directory: Path, contract_version: str, bytes_a_file: int = BYTES_A_FILE, *, is_json: bool
    ) -> None:
        self.files: list[QuarantineFile] = []
        self._directory = directory
        self._version = contract_version
        self._bytes_a_file = bytes_a_file
        self._is_json = is_json
        self._raw: IO[bytes] | None = None
        self._gzip: gzip.GzipFile | None = None
        self._records = 0
        self._bytes = 0

    def add(self, verbatim: bytes, origin: Origin, errors: tuple[RecordError, ...]) -> None:
        """Write one record: its bytes, its origin, and its errors."""
        record, encoding = _as_text(verbatim, is_json=self._is_json and errors[0].type != "malformed_json")
        line = {
            "record": record,
            "encoding": encoding,
            "source_uri": origin.uri,
            "index": origin.index,
            "file": origin.file,
            "line": origin.line,
            "head": base64.b64encode(origin.head).decode() or None,
            "reason": reason_of(errors),
            "errors": [asdict(error) for error in errors],
            "contract_version": self._version,
        }
        text = json.dumps(line, ensure_ascii=True).encode() + b"\n"
        self._open().write(text)
        self._records += 1
        self._bytes += len(text)
        if self._bytes >= self._bytes_a_file:
            self.close()

    def close(self) -> list[QuarantineFile]:
        """Finish; returns all files, none if no record was rejected."""
        if self._gzip is not None and self._raw is not None:
            with self._raw:
                self._gzip.close()
            path = self._path()
            self.files.append(QuarantineFile(len(self.files), path, self._records, path.stat().st_size))
        self._gzip = None
        self._raw = None
        self._records = 0
        self._bytes = 0
        return self.files

    def _path(self) -> Path:
        return self._directory / f"{len(self.files):04d}.jsonl.gz"

    def _open(self) -> gzip.GzipFile:
        if self._gzip is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._raw = self._path().open("wb")
            # The file contains neither time nor name, so that equal records make equal files.
            self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=6)
        return self._gzip


def _as_text(verbatim: bytes, *, is_json: bool) -> tuple[str, str]:
    """The record as text, and how to read it: `json`, `text` (not JSON) or `base64` (not UTF-8)."""
    try:
        return verbatim.decode(), "json" if is_json else "text"
    except UnicodeDecodeError:
        return base64.b64encode(verbatim).decode(), "base64"


def record_bytes(line: dict[str, str]) -> bytes:
    """The bytes of a rejected record, exactly as received, from a line of a quarantine file."""
    return base64.b64decode(line["record"]) if line["encoding"] == "base64" else line["record"].encode()


def head_bytes(line: Mapping[str, str | None]) -> bytes:
    """The bytes to put before a rejected record so that it can be read alone, from a line of a quarantine file."""
    return base64.b64decode(line.get("head") or "")


def reason_of(errors: tuple[RecordError, ...]) -> str:
    """The first error as `type at path`, without indexes. Rejected records are counted by it."""
    return f"{errors[0].type} at {without_indexes(errors[0].path)}"
