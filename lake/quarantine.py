"""Keeps rejected records: each whole and verbatim, with where it came from and every reason.

A file holds one JSON object a line, gzipped. The record is text in it, not JSON inside JSON: only so do repeated
keys, number formats and broken syntax survive, and only so has every line the same columns for a catalog.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from lake.records import RecordError

BYTES_A_FILE = 64 * 2**20
"""Bytes before compression after which a file is closed and the next one begun."""

_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class QuarantineFile:
    """A finished file of rejected records.

    Attributes:
        part: number of the file, from 0.
        path: where it is.
        records: records in it.
        bytes: its size.
    """

    part: int
    path: Path
    records: int
    bytes: int


class QuarantineWriter:
    """Writes rejected records.

    Args:
        directory: where the files go.
        contract_version: version of the contract that they broke.
        bytes_a_file: size before compression after which the next file is begun.
    """

    def __init__(self, directory: Path, contract_version: str, bytes_a_file: int = BYTES_A_FILE) -> None:
        self.files: list[QuarantineFile] = []
        self._directory, self._version, self._bytes_a_file = directory, contract_version, bytes_a_file
        self._raw: IO[bytes] | None = None
        self._gzip: gzip.GzipFile | None = None
        self._records = self._bytes = 0

    def add(self, verbatim: bytes, uri: str, index: int, errors: tuple[RecordError, ...]) -> None:
        """Keep one record: its bytes, the raw object it came in, its place there from 0, and what is wrong."""
        record, encoding = _as_text(verbatim, errors)
        line = {
            "record": record,
            "encoding": encoding,
            "source_uri": uri,
            "index": index,
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
        """Finish; returns all files, none when nothing was rejected."""
        if self._gzip is not None and self._raw is not None:
            self._gzip.close()
            self._raw.close()
            path = self._path()
            self.files.append(QuarantineFile(len(self.files), path, self._records, path.stat().st_size))
        self._gzip, self._raw, self._records, self._bytes = None, None, 0, 0
        return self.files

    def _path(self) -> Path:
        return self._directory / f"{len(self.files):04d}.jsonl.gz"

    def _open(self) -> gzip.GzipFile:
        if self._gzip is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._raw = self._path().open("wb")
            # neither a time nor a name inside: equal records make equal files
            self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=6)
        return self._gzip


def _as_text(verbatim: bytes, errors: tuple[RecordError, ...]) -> tuple[str, str]:
    """The record as text, and how to read it: `json`, `text` (not JSON) or `base64` (not UTF-8)."""
    try:
        text = verbatim.decode()
    except UnicodeDecodeError:
        return base64.b64encode(verbatim).decode(), "base64"
    return text, "text" if any(error.type == "malformed_json" for error in errors) else "json"


def record_bytes(line: dict[str, str]) -> bytes:
    """The bytes of a rejected record, exactly as they came, from a line of a quarantine file."""
    return base64.b64decode(line["record"]) if line["encoding"] == "base64" else line["record"].encode()


def reason_of(errors: tuple[RecordError, ...]) -> str:
    """The first error in short, `type at path`, indexes left out: what rejected records are counted by."""
    return f"{errors[0].type} at {without_indexes(errors[0].path)}"


def without_indexes(path: str) -> str:
    """A JSON path that is the same for all elements of a list."""
    return _INDEX.sub("[]", path)
