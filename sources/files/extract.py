"""Lands each file as it is, in parts of whole records; lands nothing of an entity whose files didn't change.

An entity's files are first copied to the local disk. Only then do we know whether they changed since they were last
landed, and what is landed is of one moment. The parts' names identify the content that they are cut from, so an
interrupted landing is resumed if the files are still the same, and starts over if they aren't.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any, NamedTuple

from schemas.formats import Format
from schemas.raw import RawRecord
from schemas.slices import SliceCounts
from sources.files.completeness import Ending, WatchedParts, check_ending, check_size
from sources.files.cutting import Part, parts
from sources.files.errors import EmptyFile, LocationRefused, NoSuchFile, TooLarge, shown
from sources.files.limits import Limits
from sources.files.progress import Progress, megabytes
from sources.files.snapshot import Snapshot, snapshots
from sources.files.stores import Store, store_of
from sources.files.unpacking import contents
from sources.landing import Landing

log = logging.getLogger(__name__)

_WILD = re.compile(r"[*?\[]")
_UNSAFE = re.compile(r"(?:[^A-Za-z0-9_.=-]|\.{2,})+")
_UNTELLABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LAST_PART = 99_999  # names have five digits, which keep them in order
_MOST_NAMED = 10
_LONGEST_NAME = 80
_LONGEST_URI = 800  # it becomes user metadata of an object


@dataclass(frozen=True, slots=True)
class EntityFiles:
    """The files with an entity's records.

    Attributes:
        entity: the entity.
        pattern: name of a file at the location; with `*`, `?` or `[…]`, of several, if the location can be listed.
        form: the format of their records.
        may_be_empty: whether files without a record are valid; otherwise they count as an accident.
        record: contract of a record, which decides whether a last line without a line end is whole; without one, the
            number of its values decides.
        least_share: the smallest share, 0 to 1, of the bytes that a file had when it was last landed. With fewer bytes,
            it counts as incomplete.
    """

    entity: str
    pattern: str
    form: Format
    may_be_empty: bool = False
    record: type[RawRecord] | None = None
    least_share: float = 0.75


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One file at its location, and what was landed of it.

    Attributes:
        uri: its location, without secrets.
        sha256: of its bytes at the location, in hex.
        size: bytes.
        encoding: of the text of a file of lines; None for a document, or if nothing was landed.
        parts: number of raw objects that it was cut into; 0 if nothing was landed because the files didn't change.
        records: their number; None for a document, which the source doesn't parse, or if nothing was landed.
        ending: how a file of lines ends; None for a document, or if unknown.
    """

    uri: str
    sha256: str
    size: int
    encoding: str | None = None
    parts: int = 0
    records: int | None = None
    ending: Ending | None = None

    @property
    def name(self) -> str:
        """Its name at its location."""
        return self.uri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Extracted:
    """The result for the files of one entity.

    Attributes:
        entity: the entity.
        digest: sha256 over names and contents of the files; if it is the same again, there is nothing to do.
        is_unchanged: whether it was the same; then nothing was landed.
        files: the files, in the order of their names.
    """

    entity: str
    digest: str
    is_unchanged: bool
    files: tuple[LandedFile, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON, for the manifest: entity, digest, is_unchanged, and the attributes of each `LandedFile`."""
        return {**asdict(self), "files": [asdict(file) for file in self.files]}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Extracted:
        """Read `as_dict` back; further keys are ignored."""
        endings = (file.get("ending") for file in content["files"])  # older manifests have none
        files = tuple(
            LandedFile(**{**file, "ending": Ending(**ending) if ending else None})
            for file, ending in zip(content["files"], endings, strict=True)
        )
        return cls(content["entity"], content["digest"], content["is_unchanged"], files)


def extract(
    landing: Landing,
    entity_files: Sequence[EntityFiles],
    location: str,
    *,
    bucket: Store | None = None,
    limits: Limits | None = None,
    earlier: Mapping[str, Extracted] | None = None,
    full: bool = False,
    accept_drop: bool = False,
) -> list[Extracted]:
    """Land the files of a location.

    Args:
        landing: takes the parts.
        entity_files: the files, by entity.
        location: a folder: a path, `file://`, `https://` or `s3://`.
        bucket: opens and lists `s3://` URIs.
        limits: how many resources the files of an entity may use.
        earlier: the result of the last extract, by entity; files that are the same are not landed again.
        full: whether to land them anyway.
        accept_drop: whether to land a file that looks incomplete.

    Raises:
        FilesError: see `sources.files.errors`; what was landed before stays, and the next attempt uses it.
        schemas.lines.UnknownEncoding: the encoding of a text is unknown.
        schemas.lines.LineTooLong: a file isn't a file of lines.
    """
    limits = limits or Limits()
    store = store_of(location, limits, bucket)
    before = earlier or {}
    options = _Options(limits, full, accept_drop)
    return [_extract(landing, files, location, store, before.get(files.entity), options) for files in entity_files]


class _Options(NamedTuple):
    limits: Limits
    full: bool
    accept_drop: bool


def _extract(
    landing: Landing,
    entity_files: EntityFiles,
    location: str,
    store: Store,
    earlier: Extracted | None,
    options: _Options,
) -> Extracted:
    known = {file.name: file for file in earlier.files} if earlier else {}
    names = _names(entity_files.pattern, location, store, options.limits.files)
    with snapshots(store, location, names, options.limits) as files:
        digest = hashlib.sha256("".join(f"{file.sha256} {file.name}\n" for file in files).encode()).hexdigest()
        if earlier and digest == earlier.digest and not options.full:
            for file in files:
                log.info("%s: %s (%s) did not change", entity_files.entity, file.uri, megabytes(file.size))
            same = tuple(_unchanged(file, known[file.name]) for file in files)
            return Extracted(entity_files.entity, digest, is_unchanged=True, files=same)
        for file in files if not options.accept_drop else ():
            check_size(file, known[file.name].size if file.name in known else 0, entity_files.least_share)
        parts: set[str] = set()
        landed = tuple(_land(landing, entity_files, file, options.limits, parts) for file in files)
    if not options.accept_drop:
        _check_endings(landed, known)
    if not entity_files.may_be_empty and all(file.records == 0 for file in landed):
        raise EmptyFile(
            f"there is no record in {', '.join(file.uri for file in landed[:_MOST_NAMED])}: have it sent again; "
            "data that was loaded before is unchanged"
        )
    landing.keep_only(entity_files.entity, parts)
    return Extracted(entity_files.entity, digest, is_unchanged=False, files=landed)


def _unchanged(file: Snapshot, before: LandedFile) -> LandedFile:
    """An unchanged file: nothing of it is landed, and its ending is known."""
    return LandedFile(file.uri, file.sha256, file.size, ending=before.ending)


def _check_endings(landed: Sequence[LandedFile], known: Mapping[str, LandedFile]) -> None:
    """Raise Incomplete if a file breaks off; see `completeness`."""
    have_line_ends = any(file.ending and file.ending.has_line_end for file in landed)
    for file in landed:
        before = known[file.name].ending if file.name in known else None
        if file.ending:
            check_ending(file.uri, file.ending, before, others_have_line_ends=have_line_ends)


def _names(pattern: str, location: str, store: Store, most: int) -> list[str]:
    """The names of the files that match, in order."""
    if not _WILD.search(pattern):
        return [pattern]
    matches = (name for name in store.list(location) if fnmatchcase(name, pattern))
    names = sorted(islice(matches, most + 1))
    if not names:
        raise NoSuchFile(f"there is no file {pattern} at {shown(location)}")
    if len(names) > most:
        raise TooLarge(
            f"there are more than {most:,} files {pattern} at {shown(location)}: nothing was landed; keep fewer there, "
            "or raise the limit"
        )
    for name in names:
        if _UNTELLABLE.search(name):
            raise LocationRefused(f"a file at {shown(location)} is called {name!r}, which cannot be printed: rename it")
    return names


def _land(landing: Landing, entity_files: EntityFiles, file: Snapshot, limits: Limits, names: set[str]) -> LandedFile:
    """Land one file, and add the names of its parts to those of the entity."""
    before = len(names)
    encoding = None
    counts: list[int | None] = []
    endings: list[Ending] = []
    for name, stream in contents(file, limits):
        uri = file.uri if name in (file.name, file.name.removesuffix(".gz")) else f"{file.uri}#{name}"
        encoding, cut = parts(stream, entity_files.form, limits)
        watched = WatchedParts(cut, entity_files.form, encoding, entity_files.record)
        counts.append(_land_content(landing, entity_files.entity, _Content(file, name, uri), watched, names))
        endings += filter(None, [watched.ending()])
    ending = Ending.of_all(endings)
    landed = LandedFile(file.uri, file.sha256, file.size, encoding, len(names) - before, _total(counts), ending)
    count = "" if landed.records is None else f"{landed.records:,} records "
    log.info(
        "%s: %s (%s) is landed: %sin %d parts", entity_files.entity, file.uri, megabytes(file.size), count, landed.parts
    )
    return landed


class _Content(NamedTuple):
    """A file, or a file inside an archive.

    Attributes:
        file: the file at its location.
        name: the content's name.
        uri: the content's URI.
    """

    file: Snapshot
    name: str
    uri: str


def _land_content(landing: Landing, entity: str, content: _Content, cut: Iterable[Part], names: set[str]) -> int | None:
    """Land the parts of a content. Returns the number of its records, or None for a document."""
    uri = content.uri
    token = hashlib.sha256(f"{content.file.sha256} {uri}".encode()).hexdigest()[:12]
    request = {"file": uri if len(uri) <= _LONGEST_URI else f"{uri[:_LONGEST_URI]}…{token}"}
    counts: list[int | None] = []
    progress = Progress(log, f"{entity}: landing {uri}")
    size = 0
    for number, part in enumerate(cut):
        if number > _LAST_PART:
            raise TooLarge(f"{uri} has more than {_LAST_PART + 1:,} parts: cut it into larger ones (Limits.part_bytes)")
        name = f"{entity}/{_safe(content.name)}-{token}-{number:05d}.gz"
        if landing.read(name) != part.body:
            landing.land(name, part.body, records=part.records, request=request)
        names.add(name)
        counts.append(part.records)
        size += len(part.body)
        progress.note(size)
    total = _total(counts)
    if total is not None:
        landing.record_slice(SliceCounts(entity, uri, total, total))
    return total


def _total(counts: Sequence[int | None]) -> int | None:
    """The sum, or None if a number is unknown."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _safe(name: str) -> str:
    """A file's name, made safe for a path in the lake."""
    return _UNSAFE.sub("-", name.rpartition("/")[2])[:_LONGEST_NAME].strip("._=-") or "file"
