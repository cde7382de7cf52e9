"""Lands files: every one as it is, in parts that hold whole records; nothing of an entity whose files did not change.

An entity's files are copied to the local disk first. Only then is it known whether they changed since they were landed
last, and what is landed is of one moment. The parts' names tell the content that they are cut from, so that a landing
that was interrupted is resumed where the files are still the same, and begun anew where they are not.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any, NamedTuple

from schemas.formats import Format
from schemas.raw_object import Landing, Window
from sources.files.cutting import Part, parts
from sources.files.errors import EmptyFile, NoSuchFile, Refused, TooLarge, shown
from sources.files.limits import Limits
from sources.files.progress import Progress, megabytes
from sources.files.snapshot import Snapshot, snapshots
from sources.files.stores import Store, store_of
from sources.files.unpacking import contents

log = logging.getLogger(__name__)

_WILD = re.compile(r"[*?\[]")
_UNSAFE = re.compile(r"(?:[^A-Za-z0-9_.=-]|\.{2,})+")
_UNTELLABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LAST_PART = 99_999  # as many as five digits keep in order
_MOST_NAMED = 10
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
        encoding: of its text, of a file of lines; None of a document, or where nothing was landed.
        parts: raw objects that it was cut into; 0 where nothing was landed, since the entity's files did not change.
        records: in it; None for a document, which the source does not take apart, or where nothing was landed.
    """

    uri: str
    sha256: str
    size: int
    encoding: str | None = None
    parts: int = 0
    records: int | None = None


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
        """As JSON, for the manifest: entity, digest, is_unchanged, and of every file what `LandedFile` has."""
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
        limits: how much the files of an entity may ask of the machine.
        landed_before: `Extracted.digest` of the files that were landed last, by entity; the same are not landed again.

    Raises:
        FilesError: see `sources.files.errors`; what was landed before stays, and is used by the next attempt.
        schemas.lines.UnknownEncoding: it cannot be told how a text is encoded.
        schemas.lines.LineTooLong: a file of lines is none.
    """
    limits = limits or Limits()
    store = store_of(location, limits, bucket)
    before = landed_before or {}
    return [_extract(landing, each, location, store, limits, before.get(each.entity)) for each in wanted]


def _extract(
    landing: Landing, wanted: EntityFiles, location: str, store: Store, limits: Limits, before: str | None
) -> Extracted:
    names = _names(wanted.pattern, location, store, limits.files)
    with snapshots(store, location, names, limits) as files:
        digest = hashlib.sha256("".join(f"{file.sha256} {file.name}\n" for file in files).encode()).hexdigest()
        if digest == before:
            seen = tuple(LandedFile(file.uri, file.sha256, file.size) for file in files)
            for file in files:
                log.info("%s: %s (%s) did not change", wanted.entity, file.uri, megabytes(file.size))
            return Extracted(wanted.entity, digest, True, seen)
        parts: set[str] = set()
        landed = tuple(_land(landing, wanted, file, limits, parts) for file in files)
    if not wanted.may_be_empty and all(file.records == 0 for file in landed):
        raise EmptyFile(
            f"there is no record in {', '.join(file.uri for file in landed[:_MOST_NAMED])}: have it sent again; "
            "nothing of what was loaded before has changed"
        )
    landing.keep_only(wanted.entity, parts)
    return Extracted(wanted.entity, digest, False, landed)


def _names(pattern: str, location: str, store: Store, most: int) -> list[str]:
    """The names of the files that are wanted, in order."""
    if not _WILD.search(pattern):
        return [pattern]
    found = (name for name in store.list(location) if fnmatchcase(name, pattern))
    names = sorted(islice(found, most + 1))
    if not names:
        raise NoSuchFile(f"there is no file {pattern} at {shown(location)}")
    if len(names) > most:
        raise TooLarge(
            f"there are more than {most:,} files {pattern} at {shown(location)}: nothing was landed; have fewer there, "
            "or raise the limit"
        )
    for name in names:
        if _UNTELLABLE.search(name):
            raise Refused(f"a file at {shown(location)} is called {name!r}, which cannot be told: rename it")
    return names


def _land(landing: Landing, wanted: EntityFiles, file: Snapshot, limits: Limits, names: set[str]) -> LandedFile:
    """Land one file, and add the names of its parts to those of the entity."""
    before, encoding = len(names), None
    counts: list[int | None] = []
    for name, stream in contents(file, limits):
        uri = file.uri if name in (file.name, file.name.removesuffix(".gz")) else f"{file.uri}#{name}"
        encoding, cut = parts(stream, wanted.form, limits)
        counts.append(_land_content(landing, wanted.entity, _Content(file, name, uri), cut, names))
    landed = LandedFile(file.uri, file.sha256, file.size, encoding, len(names) - before, _total(counts))
    told = "" if landed.records is None else f"{landed.records:,} records "
    log.info("%s: %s (%s) is landed: %sin %d parts", wanted.entity, file.uri, megabytes(file.size), told, landed.parts)
    return landed


class _Content(NamedTuple):
    """A file, or what is in it.

    Attributes:
        file: the file.
        name: the content's own name.
        uri: its own, too.
    """

    file: Snapshot
    name: str
    uri: str


def _land_content(landing: Landing, entity: str, content: _Content, cut: Iterator[Part], names: set[str]) -> int | None:
    """Land the parts of a content. Returns the records in it, or None when nobody counts them."""
    uri = content.uri
    token = hashlib.sha256(f"{content.file.sha256} {uri}".encode()).hexdigest()[:12]
    request = {"file": uri if len(uri) <= _LONGEST_URI else f"{uri[:_LONGEST_URI]}…{token}"}
    said: list[int | None] = []
    progress, size = Progress(log, f"{entity}: landing {uri}"), 0
    for number, part in enumerate(cut):
        if number > _LAST_PART:
            raise TooLarge(f"{uri} makes more than {_LAST_PART + 1:,} parts: cut it into larger ones")
        name = f"{entity}/{_safe(content.name)}-{token}-{number:05d}.gz"
        if landing.read(name) != part.body:
            landing.land(name, part.body, records=part.records, request=request)
        names.add(name)
        said.append(part.records)
        size += len(part.body)
        progress.note(size)
    total = _total(said)
    if total is not None:
        landing.window(Window(entity, uri, total, total))
    return total


def _total(counts: Sequence[int | None]) -> int | None:
    """The sum, or None when one is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _safe(name: str) -> str:
    """A file's name as it may be in a path of the lake."""
    return _UNSAFE.sub("-", name.rpartition("/")[2])[:_LONGEST_NAME].strip("._=-") or "file"
