"""Lands files: every one as it is, in parts that hold whole records; nothing of an entity whose files did not change.

An entity's files are copied to the local disk first. Only then is it known whether they changed since they were landed
last, and what is landed is of one moment. The parts' names tell the content that they are cut from, so that a landing
that was interrupted is resumed where the files are still the same, and begun anew where they are not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from schemas.formats import Format
from schemas.raw_object import Landing, Window
from sources.files.cutting import parts
from sources.files.errors import EmptyFile, NoSuchFile
from sources.files.limits import Limits
from sources.files.snapshot import Snapshot, snapshot
from sources.files.stores import Store, store_of
from sources.files.unpacking import contents

_WILD = re.compile(r"[*?\[]")
_UNSAFE = re.compile(r"(?:[^A-Za-z0-9_.=-]|\.{2,})+")
_LONGEST_NAME = 80
_LONGEST_URI = 800  # it goes into the user metadata of an object


@dataclass(frozen=True, slots=True)
class EntityFiles:
    """The files that hold an entity's records.

    Attributes:
        entity: the entity.
        pattern: name of a file at the location; with `*`, `?` or `[…]`, of several, where the location can be listed.
        form: how their records are written down.
        may_be_empty: whether files without a record are right; else they are taken for an accident.
    """

    entity: str
    pattern: str
    form: Format
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One file at its location, and what became of it.

    Attributes:
        uri: where it lies, without secrets.
        sha256: of its bytes as they lie there, in hex.
        size: bytes.
        encoding: of its text, of a file of lines; None of a document, or of a file that was not landed.
        parts: raw objects that it was cut into.
        records: in it; None for a document, which the source does not take apart.
    """

    uri: str
    sha256: str
    size: int
    encoding: str | None = None
    parts: int = 0
    records: int | None = 0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of the files of one entity.

    Attributes:
        entity: the entity.
        digest: sha256 over names and contents of the files: the same again means nothing to do.
        is_unchanged: whether that was so; then nothing was landed.
        files: the files, in the order of their names.
    """

    entity: str
    digest: str
    is_unchanged: bool
    files: tuple[LandedFile, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON, for the manifest."""
        return {**asdict(self), "files": [asdict(file) for file in self.files]}


def extract(
    landing: Landing,
    wanted: Sequence[EntityFiles],
    location: str,
    *,
    bucket: Store | None = None,
    limits: Limits | None = None,
    landed_before: Mapping[str, str] | None = None,
) -> list[Extracted]:
    """Land the files of a location.

    Args:
        landing: where to.
        wanted: which files, by entity.
        location: a folder: a path, `file://`, `https://` or `s3://`.
        bucket: opens and lists `s3://` URIs.
        limits: how much a file may ask of the machine.
        landed_before: `Extracted.digest` of the files that were landed last, by entity; the same are not landed again.

    Raises:
        FilesError: see `sources.files.errors`; what was landed before stays, and is used by the next attempt.
        schemas.lines.UnknownEncoding: it cannot be told how a text is encoded.
        schemas.lines.LineTooLong: a file of lines is none.
    """
    limits = limits or Limits()
    store = store_of(location, limits.timeout_s, bucket)
    before = landed_before or {}
    return [_extract(landing, each, location, store, limits, before.get(each.entity)) for each in wanted]


def _extract(
    landing: Landing, wanted: EntityFiles, location: str, store: Store, limits: Limits, before: str | None
) -> Extracted:
    with ExitStack() as open_files:
        files = [
            open_files.enter_context(snapshot(store, f"{location.rstrip('/')}/{name}", name, limits))
            for name in _names(wanted.pattern, location, store)
        ]
        digest = hashlib.sha256("".join(f"{file.sha256} {file.name}\n" for file in files).encode()).hexdigest()
        if digest == before:
            seen = tuple(LandedFile(file.uri, file.sha256, file.size) for file in files)
            return Extracted(wanted.entity, digest, True, seen)
        names: set[str] = set()
        landed = tuple(_land(landing, wanted, file, limits, names) for file in files)
    if not wanted.may_be_empty and all(file.records == 0 for file in landed):
        raise EmptyFile(
            f"there is no record in {', '.join(file.uri for file in landed)}: have it sent again; nothing of what was "
            "loaded before has changed"
        )
    landing.keep_only(wanted.entity, names)
    return Extracted(wanted.entity, digest, False, landed)


def _names(pattern: str, location: str, store: Store) -> list[str]:
    if not _WILD.search(pattern):
        return [pattern]
    if names := [name for name in store.list(location) if fnmatchcase(name, pattern)]:
        return sorted(names)
    raise NoSuchFile(f"there is no file {pattern} at {location}")


def _land(landing: Landing, wanted: EntityFiles, file: Snapshot, limits: Limits, names: set[str]) -> LandedFile:
    """Land one file, and add the names of its parts to those of the entity."""
    before, encoding = len(names), None
    counts: list[int | None] = []
    for name, stream in contents(file, limits):
        uri = file.uri if name in (file.name, file.name.removesuffix(".gz")) else f"{file.uri}#{name}"
        token = hashlib.sha256(f"{file.sha256} {uri}".encode()).hexdigest()[:12]
        request = {"file": uri if len(uri) <= _LONGEST_URI else f"{uri[:_LONGEST_URI]}…{token}"}
        encoding, cut = parts(stream, wanted.form, limits)
        said = []
        for number, part in enumerate(cut):
            part_name = f"{wanted.entity}/{_safe(name)}-{token}-{number:05d}.gz"
            if landing.read(part_name) != part.body:
                landing.land(part_name, part.body, records=part.records, request=request)
            names.add(part_name)
            said.append(part.records)
        counts.append(_total(said))
        if (total := counts[-1]) is not None:
            landing.window(Window(wanted.entity, uri, total, total))
    return LandedFile(file.uri, file.sha256, file.size, encoding, len(names) - before, _total(counts))


def _total(counts: Sequence[int | None]) -> int | None:
    """The sum, or None when one is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _safe(name: str) -> str:
    """A file's name as it may be in a path of the lake."""
    return _UNSAFE.sub("-", name.rpartition("/")[2])[:_LONGEST_NAME].strip("._=-") or "file"
