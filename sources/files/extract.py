"""Lands files: every one as it is, in parts that hold whole records; nothing of an entity whose files did not change.

An entity's files are copied to the local disk first. Only then is it known whether they changed since they were landed
last, and what is landed is of one moment. The parts' names tell the content that they are cut from, so that a landing
that was interrupted is resumed where the files are still the same, and begun anew where they are not.
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
        record: contract of a record, by which a last line without an end is known to be whole; None: by its values'
            number.
        least_share: of the bytes that a file had when it was landed last, the least that it may have now, 0 to 1; with
            less it is taken for one that was not written to its end.
    """

    entity: str
    pattern: str
    form: Format
    may_be_empty: bool = False
    record: type[RawRecord] | None = None
    least_share: float = 0.75


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
        ending: how it ends, of a file of lines; None of a document, or where nobody knows.
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

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Extracted:
        """Read `as_dict` back; what else is beside it does not count."""
        endings = (file.get("ending") for file in content["files"])  # none in manifests of before there was any
        files = tuple(
            LandedFile(**{**file, "ending": Ending(**ending) if ending else None})
            for file, ending in zip(content["files"], endings, strict=True)
        )
        return cls(content["entity"], content["digest"], content["is_unchanged"], files)


def extract(
    landing: Landing,
    wanted: Sequence[EntityFiles],
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
        landing: where to.
        wanted: which files, by entity.
        location: a folder: a path, `file://`, `https://` or `s3://`.
        bucket: opens and lists `s3://` URIs.
        limits: how much the files of an entity may ask of the machine.
        earlier: what became of the files that were looked at last, by entity; the same are not landed again.
        full: land them nevertheless.
        accept_drop: whether a file that looks incomplete is meant to be so.

    Raises:
        FilesError: see `sources.files.errors`; what was landed before stays, and is used by the next attempt.
        schemas.lines.UnknownEncoding: it cannot be told how a text is encoded.
        schemas.lines.LineTooLong: a file of lines is none.
    """
    limits = limits or Limits()
    store = store_of(location, limits, bucket)
    before = earlier or {}
    options = _Options(limits, full, accept_drop)
    return [_extract(landing, each, location, store, before.get(each.entity), options) for each in wanted]


class _Options(NamedTuple):
    limits: Limits
    full: bool
    accept_drop: bool


def _extract(
    landing: Landing, wanted: EntityFiles, location: str, store: Store, earlier: Extracted | None, options: _Options
) -> Extracted:
    known = {file.name: file for file in earlier.files} if earlier else {}
    names = _names(wanted.pattern, location, store, options.limits.files)
    with snapshots(store, location, names, options.limits) as files:
        digest = hashlib.sha256("".join(f"{file.sha256} {file.name}\n" for file in files).encode()).hexdigest()
        if earlier and digest == earlier.digest and not options.full:
            for file in files:
                log.info("%s: %s (%s) did not change", wanted.entity, file.uri, megabytes(file.size))
            same = tuple(_unchanged(file, known[file.name]) for file in files)
            return Extracted(wanted.entity, digest, is_unchanged=True, files=same)
        for file in files if not options.accept_drop else ():
            check_size(file, known[file.name].size if file.name in known else 0, wanted.least_share)
        parts: set[str] = set()
        landed = tuple(_land(landing, wanted, file, options.limits, parts) for file in files)
    if not options.accept_drop:
        _check_endings(landed, known)
    if not wanted.may_be_empty and all(file.records == 0 for file in landed):
        raise EmptyFile(
            f"there is no record in {', '.join(file.uri for file in landed[:_MOST_NAMED])}: have it sent again; "
            "nothing of what was loaded before has changed"
        )
    landing.keep_only(wanted.entity, parts)
    return Extracted(wanted.entity, digest, is_unchanged=False, files=landed)


def _unchanged(file: Snapshot, before: LandedFile) -> LandedFile:
    """A file that is as it was: nothing of it is landed, and how it ends is known."""
    return LandedFile(file.uri, file.sha256, file.size, ending=before.ending)


def _check_endings(landed: Sequence[LandedFile], known: Mapping[str, LandedFile]) -> None:
    """Raise Incomplete when a file breaks off; see `completeness`."""
    have_line_ends = any(file.ending and file.ending.has_line_end for file in landed)
    for file in landed:
        before = known[file.name].ending if file.name in known else None
        if file.ending:
            check_ending(file.uri, file.ending, before, others_have_line_ends=have_line_ends)


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
            raise LocationRefused(f"a file at {shown(location)} is called {name!r}, which cannot be told: rename it")
    return names


def _land(landing: Landing, wanted: EntityFiles, file: Snapshot, limits: Limits, names: set[str]) -> LandedFile:
    """Land one file, and add the names of its parts to those of the entity."""
    before, encoding = len(names), None
    counts: list[int | None] = []
    endings: list[Ending] = []
    for name, stream in contents(file, limits):
        uri = file.uri if name in (file.name, file.name.removesuffix(".gz")) else f"{file.uri}#{name}"
        encoding, cut = parts(stream, wanted.form, limits)
        watched = WatchedParts(cut, wanted.form, encoding, wanted.record)
        counts.append(_land_content(landing, wanted.entity, _Content(file, name, uri), watched, names))
        endings += filter(None, [watched.ending()])
    ending = Ending.of_all(endings)
    landed = LandedFile(file.uri, file.sha256, file.size, encoding, len(names) - before, _total(counts), ending)
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


def _land_content(landing: Landing, entity: str, content: _Content, cut: Iterable[Part], names: set[str]) -> int | None:
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
        landing.record_slice(SliceCounts(entity, uri, total, total))
    return total


def _total(counts: Sequence[int | None]) -> int | None:
    """The sum, or None when one is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _safe(name: str) -> str:
    """A file's name as it may be in a path of the lake."""
    return _UNSAFE.sub("-", name.rpartition("/")[2])[:_LONGEST_NAME].strip("._=-") or "file"
