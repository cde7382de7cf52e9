"""The manifests of raw and curated data, stored as JSON with the data.

A manifest is written last. Data without a manifest is unfinished, and a file that the manifest doesn't list is ignored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from aws_services.errors import NotFound
from lake import layout
from lake.layout import RunId
from lake.raw_objects import RawObject
from lake.store import CorruptObject, Lake
from schemas.slices import SliceCounts

_VERSION = 1


@dataclass(frozen=True, slots=True)
class RawManifest:
    """The raw objects of one entity that one run landed.

    Attributes:
        source: the source.
        entity: the entity.
        run_id: the run, with its observation.
        started_at: when the first object was landed (or the extract began), UTC.
        finished_at: when the last object was landed, UTC.
        objects: all landed objects, by name.
        slices: records reported and fetched per slice.
        requests: the number of requests of the whole extract, or None if the source doesn't report it.
        extra: further information from the source about its extract.
        same_as: the earlier run that landed the objects, if the source has not changed since; None for this run.
    """

    source: str
    entity: str
    run_id: str
    started_at: datetime
    finished_at: datetime
    objects: tuple[RawObject, ...]
    slices: tuple[SliceCounts, ...] = ()
    requests: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    same_as: str | None = None

    @property
    def run(self) -> RunId:
        """The run as a RunId."""
        return RunId.parse(self.run_id)

    @property
    def landed_by(self) -> RunId:
        """The run whose prefix the objects are stored under."""
        return RunId.parse(self.same_as or self.run_id)

    @property
    def records(self) -> int:
        """The number of records landed. An object that could not be parsed counts as one."""
        return sum(1 if raw.records is None else raw.records for raw in self.objects)

    @property
    def reported(self) -> int:
        """Records that the source reported, over all slices."""
        return sum(counts.reported for counts in self.slices)

    @property
    def fetched(self) -> int:
        """Distinct records landed, over all slices."""
        return sum(counts.fetched for counts in self.slices)

    @property
    def residual(self) -> int | None:
        """Records reported but not fetched, over all slices; None when it is unknown."""
        residuals = [counts.residual for counts in self.slices]
        return None if None in residuals else sum(filter(None, residuals))

    @property
    def digest(self) -> str:
        """sha256 over names and contents of all objects: equal digests mean equal raw data."""
        lines = (f"{raw.sha256} {raw.name}\n" for raw in sorted(self.objects, key=lambda raw: raw.name))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The manifest as JSON, totals first for human readers."""
        return {
            "version": _VERSION,
            "source": self.source,
            "entity": self.entity,
            "run_id": self.run_id,
            "same_as": self.same_as,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
            "records": self.records,
            "said": self.reported,
            "got": self.fetched,
            "residual": self.residual,
            "requests": self.requests,
            "bytes": sum(raw.size for raw in self.objects),
            "digest": self.digest,
            "extra": dict(self.extra),
            "windows": [_as_window(counts) for counts in self.slices],
            "objects": [_raw_object(raw) for raw in self.objects],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> RawManifest:
        """Parse the result of `as_dict`. Raises KeyError, TypeError or ValueError if it isn't one."""
        manifest = cls(
            source=content["source"],
            entity=content["entity"],
            run_id=content["run_id"],
            started_at=datetime.fromisoformat(content["started_at"]),
            finished_at=datetime.fromisoformat(content["finished_at"]),
            objects=tuple(RawObject(**raw) for raw in content["objects"]),
            slices=tuple(map(_from_window, content["windows"])),
            requests=content["requests"],
            extra=content["extra"],
            same_as=content.get("same_as"),  # older manifests don't have it
        )
        if manifest.digest != content["digest"]:
            raise ValueError("its digest does not match the objects that it lists")
        return manifest

    def write(self, lake: Lake) -> None:
        """Write the manifest, which marks this entity of this run as finished."""
        lake.write_json(layout.raw_manifest_key(self.source, self.entity, self.run), self.as_dict())

    @classmethod
    def read(cls, lake: Lake, source: str, entity: str, run: RunId) -> RawManifest:
        """The manifest of one entity of a run. Raises NotFound if it is unfinished, CorruptObject if unreadable."""
        return _read(cls, lake, layout.raw_manifest_key(source, entity, run))


@dataclass(frozen=True, slots=True)
class CuratedFile:
    """One Parquet file of a curated table.

    Attributes:
        table: the curated table.
        key: its key in the lake.
        rows: its number of rows.
        size: bytes.
    """

    table: str
    key: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class CuratedManifest:
    """The result of validating one entity of one run: every file of every table, and the counts that must reconcile.

    If the source had not changed, the files are those of an earlier day's validation.

    Attributes:
        source: the source.
        entity: the raw entity.
        run_id: the run, with its observation.
        business_date: the day; also the partition (`ingest_date`).
        raw_digest: digest of the raw manifest that was validated.
        contract_version: version of the contract.
        finished_at: when the validation ended, UTC.
        files: Parquet files.
        quarantine: keys of the files of rejected records.
        tables: rows by curated table, including zeros.
        raw_records: records read.
        curated_records: rows in the entity's own table.
        quarantined_records: records rejected.
        duplicate_records: records whose key an earlier record has.
        report: the whole validation report.
    """

    source: str
    entity: str
    run_id: str
    business_date: date
    raw_digest: str
    contract_version: str
    finished_at: datetime
    files: tuple[CuratedFile, ...]
    quarantine: tuple[str, ...]
    tables: Mapping[str, int]
    raw_records: int
    curated_records: int
    quarantined_records: int
    duplicate_records: int
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def run(self) -> RunId:
        """The run as a RunId."""
        return RunId.parse(self.run_id)

    def files_of(self, table: str) -> tuple[CuratedFile, ...]:
        """The files of one curated table, in order."""
        return tuple(file for file in self.files if file.table == table)

    def days_of(self, table: str) -> tuple[date, ...]:
        """The days whose partitions contain the files of one curated table, in order."""
        days = {layout.day_of(file.key) for file in self.files_of(table)}
        return tuple(sorted(filter(None, days)))

    def rows_of(self, table: str) -> int:
        """Rows that this entity wrote into a curated table."""
        return self.tables.get(table, 0)

    def as_dict(self) -> dict[str, Any]:
        """The manifest as JSON."""
        return {
            "version": _VERSION,
            **asdict(self),
            "business_date": self.business_date.isoformat(),
            "finished_at": self.finished_at.isoformat(),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> CuratedManifest:
        """Parse the result of `as_dict`. Raises KeyError, TypeError or ValueError if it isn't one."""
        known = {name: value for name, value in content.items() if name != "version"}
        typed = {
            "business_date": date.fromisoformat(content["business_date"]),
            "finished_at": datetime.fromisoformat(content["finished_at"]),
            "files": tuple(CuratedFile(**file) for file in content["files"]),
            "quarantine": tuple(content["quarantine"]),
        }
        return cls(**{**known, **typed})

    def write(self, lake: Lake) -> None:
        """Write the manifest, which makes these files the day's."""
        key = layout.curated_manifest_key(self.source, self.entity, self.business_date)
        lake.write_json(key, self.as_dict())

    @classmethod
    def read(cls, lake: Lake, source: str, entity: str, business_date: date) -> CuratedManifest:
        """The manifest of one entity of a day. Raises NotFound if it is unfinished, CorruptObject if unreadable."""
        return _read(cls, lake, layout.curated_manifest_key(source, entity, business_date))

    @classmethod
    def before(cls, lake: Lake, source: str, entity: str, business_date: date) -> Iterator[CuratedManifest]:
        """The manifests of one entity of all validated days before a day, newest first. Raises CorruptObject."""
        folders = lake.list_prefixes(layout.curated_root(source, entity))
        for day in sorted(filter(None, map(layout.day_of, folders)), reverse=True):
            if day < business_date:
                try:
                    yield cls.read(lake, source, entity, day)
                except NotFound:
                    continue  # that day's validation never finished

    @classmethod
    def of_raw(cls, lake: Lake, raw: RawManifest) -> list[CuratedManifest]:
        """The manifests of equal raw data: of the raw data's own day, then of the validated day before it."""
        candidates = list(islice(cls.before(lake, raw.source, raw.entity, raw.run.business_date), 1))
        with suppress(NotFound):  # its own day may not be validated yet
            candidates.insert(0, cls.read(lake, raw.source, raw.entity, raw.run.business_date))
        return [manifest for manifest in candidates if manifest.raw_digest == raw.digest]


Manifest = TypeVar("Manifest", RawManifest, CuratedManifest)


def _read(kind: type[Manifest], lake: Lake, key: str) -> Manifest:
    content = lake.read_json(key)
    try:
        return kind.from_dict(content)
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptObject(
            f"{lake.uri(key)} is not a manifest ({error}): delete it and run the task that writes it again"
        ) from error


def _raw_object(raw: RawObject) -> dict[str, Any]:
    return {**asdict(raw), "request": dict(raw.request)}


def _as_window(counts: SliceCounts) -> dict[str, Any]:
    """The counts of a slice with the keys that stored manifests use."""
    return {
        "entity": counts.entity,
        "name": counts.name,
        "said": counts.reported,
        "got": counts.fetched,
        "note": counts.note,
        "is_unknown": counts.is_unknown,
        "residual": counts.residual,
    }


def _from_window(window: Mapping[str, Any]) -> SliceCounts:
    return SliceCounts(
        entity=window["entity"],
        name=window["name"],
        reported=window["said"],
        fetched=window["got"],
        note=window.get("note"),
        is_unknown=window.get("is_unknown", False),
    )
