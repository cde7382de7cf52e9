"""Curating: validating the raw objects of one entity of one run into the curated tables of its day.

The files are written first, then the manifest, and then the files that it no longer lists are deleted. Until the
manifest is written, readers of the day use the previous one. If files of the same names must be replaced, the day has
no manifest until then.

If the raw data equals that of an earlier day and this same contract curated it then, it is not validated again: the
day's manifest lists that day's files.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aws_services.errors import NoSuchBucket, NotFound
from lake import layout
from lake.curated import Lineage, WrittenFile
from lake.drift import Sighting
from lake.landing import RawDataChanged, unpacked, verify
from lake.layout import RunId
from lake.manifests import CuratedFile, CuratedManifest, RawManifest
from lake.quarantine import QuarantineFile
from lake.report import ValidationReport
from lake.scratch import scratch_directory
from lake.store import Lake
from lake.validate import Body, validate
from schemas.registry import get_source
from schemas.source import Source

log = logging.getLogger(__name__)

_LOCAL = ("files", "quarantine_files")  # fields of the report with local paths, which the manifest replaces by keys
_COUNTS = ("raw_records", "curated_records", "quarantined_records", "duplicate_records", "quarantined_by_reason")


class RawIsUnfinished(Exception):
    """The raw data of an entity has no manifest: its extract did not finish."""


def curate(
    lake: Lake,
    source_name: str,
    entity: str,
    run: RunId,
    *,
    rebuild: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> CuratedManifest:
    """Validate one entity of a run into the curated tables.

    If the day's manifest shows that this contract has already curated this raw data, the function does no work. The
    `_ingested_at` of rows is the time when the raw data was finished, so that a second validation writes equal files.

    Args:
        lake: the lake.
        source_name: the source.
        entity: the raw entity.
        run: the run, with its observation; its rows replace those of an earlier observation of the day.
        rebuild: validate even if the manifest is current.
        now: the time, UTC; replaced by tests.

    Returns:
        The day's manifest for the entity.

    Raises:
        RawIsUnfinished: the raw data has no manifest.
        RawDataChanged: a raw object is missing or differs from the one that was landed.
        TooManyRejects: the share of rejected records exceeds the contract's threshold. Curated files, quarantine and
            manifest are kept.
        ContractViolation: the contract is frozen and the source changed. No file was written.
    """
    source = get_source(source_name)
    curation = _Curation(lake, source, entity, run, _raw_manifest(lake, source_name, entity, run))
    manifest = curation.previous()
    if manifest is not None and not rebuild and curation.is_current(manifest):
        log.info("%s/%s of %s was already curated by the same contract", source_name, entity, run)
        curation.delete_superseded(manifest)
    elif not rebuild and (earlier := curation.done_before()):
        log.info(
            "%s/%s has not changed since %s: that day's curated files are used",
            source_name,
            entity,
            earlier.business_date,
        )
        manifest = curation.take_over(earlier)
    else:
        manifest = curation.do(manifest, now)
    _check(source, manifest, lake.uri(layout.quarantine_prefix(source_name, entity, run)))
    return manifest


def is_curated_alike(lake: Lake, source_name: str, entity: str, run: RunId, other: RunId) -> bool:
    """Whether another run's raw data equals this run's and was curated by the current contract.

    Raises:
        RawIsUnfinished: the run's raw data has no manifest.
    """
    raw = _raw_manifest(lake, source_name, entity, run)
    try:
        curated = CuratedManifest.read(lake, source_name, entity, other.business_date)
    except NoSuchBucket:
        raise
    except NotFound:
        return False
    is_same_data = (curated.run, curated.raw_digest) == (other, raw.digest)
    return is_same_data and get_source(source_name).is_contract_of(entity, curated.contract_version)


def _raw_manifest(lake: Lake, source_name: str, entity: str, run: RunId) -> RawManifest:
    try:
        return RawManifest.read(lake, source_name, entity, run)
    except NoSuchBucket:
        raise
    except NotFound as error:
        raise RawIsUnfinished(
            f"the raw data of {source_name}/{entity} of {run} is incomplete: "
            f"{lake.uri(layout.raw_manifest_key(source_name, entity, run))} is missing. Run the extract; it resumes"
        ) from error


@dataclass(frozen=True, slots=True)
class _Curation:
    """The curation of one entity of one run."""

    lake: Lake
    source: Source
    entity: str
    run: RunId
    raw: RawManifest

    def previous(self) -> CuratedManifest | None:
        """The day's manifest as stored: of this run, of an earlier observation, or of another contract."""
        try:
            return CuratedManifest.read(self.lake, self.source.name, self.entity, self.run.business_date)
        except NoSuchBucket:
            raise
        except NotFound:
            return None

    def is_current(self, manifest: CuratedManifest) -> bool:
        """Whether the manifest is of this run and a new validation would give the same result."""
        return manifest.run == self.run and self._is_of_same_data(manifest)

    def done_before(self) -> CuratedManifest | None:
        """The manifest of equal raw data, of an earlier observation of the day or of the day before; or None."""
        if self.raw.same_as is None:
            return None
        candidates = CuratedManifest.of_raw(self.lake, self.raw)
        return next((candidate for candidate in candidates if self._is_of_same_data(candidate)), None)

    def take_over(self, earlier: CuratedManifest) -> CuratedManifest:
        """Use the result of an earlier validation: write its manifest under this run's id and day."""
        manifest = replace(earlier, run_id=str(self.run), business_date=self.run.business_date)
        manifest.write(self.lake)
        self.delete_superseded(manifest)
        return manifest

    def _is_of_same_data(self, manifest: CuratedManifest) -> bool:
        """Whether a manifest is of equal raw data and the current contract, and every file that it lists exists."""
        if manifest.raw_digest != self.raw.digest:
            return False
        if not self.source.is_contract_of(self.entity, manifest.contract_version):
            return False
        present = self._present()
        return all(key in present or self.lake.exists(key) for key in _keys_of(manifest))

    def do(self, previous: CuratedManifest | None, now: Callable[[], datetime]) -> CuratedManifest:
        """Validate, upload, write the manifest, delete superseded files."""
        with scratch_directory("curate") as directory:
            lineage = Lineage(str(self.run), self.raw.finished_at)
            report = validate(self._objects(), self.source, self.entity, directory, lineage)
            if previous is not None and previous.run_id == str(self.run):
                # Files of the same names are about to be replaced: no manifest may list their old sizes.
                self.lake.delete([self._manifest_key()])
            files = tuple(self._put(written) for written in report.files)
            quarantine = tuple(self._put_quarantine(written) for written in report.quarantine_files)
        manifest = self._manifest(report, files, quarantine, now())
        manifest.write(self.lake)
        self.delete_superseded(manifest)
        return manifest

    def _objects(self) -> Iterator[Body]:
        """Every raw object that the manifest lists, one at a time, in the order of their keys."""
        for raw in sorted(self.raw.objects, key=lambda raw: raw.name):
            key = layout.raw_key(self.source.name, self.raw.landed_by, raw.name)
            uri = self.lake.uri(key)
            try:
                packed = self.lake.get(key)
            except NoSuchBucket:
                raise
            except NotFound as error:
                raise RawDataChanged(f"{uri} is missing, but the manifest lists it; refetch the day") from error
            body = unpacked(packed, uri)
            verify(raw, body, uri)
            yield Body(uri, body, raw.file)

    def _put(self, written: WrittenFile) -> CuratedFile:
        key = layout.curated_key(self.source.name, written.table, self.run, self.entity, written.part)
        self.lake.put_file(key, written.path)
        return CuratedFile(written.table, key, written.rows, written.bytes)

    def _put_quarantine(self, written: QuarantineFile) -> str:
        key = layout.quarantine_key(self.source.name, self.entity, self.run, written.part)
        self.lake.put_file(key, written.path)
        return key

    def _manifest(
        self, report: ValidationReport, files: tuple[CuratedFile, ...], quarantine: tuple[str, ...], at: datetime
    ) -> CuratedManifest:
        stored_report = {name: value for name, value in report.as_dict().items() if name not in _LOCAL}
        return CuratedManifest(
            source=self.source.name,
            entity=self.entity,
            run_id=str(self.run),
            business_date=self.run.business_date,
            raw_digest=self.raw.digest,
            contract_version=report.contract_version,
            finished_at=at,
            files=files,
            quarantine=quarantine,
            tables=dict(report.rows),
            raw_records=report.raw_records,
            curated_records=report.curated_records,
            quarantined_records=report.quarantined_records,
            duplicate_records=report.duplicate_records,
            report=stored_report,
        )

    def delete_superseded(self, manifest: CuratedManifest) -> None:
        """Delete older files of this entity for the day: of another observation or of an attempt that crashed."""
        if stale := sorted(self._present() - _keys_of(manifest)):
            log.info("deleting %d superseded files of %s/%s", len(stale), self.source.name, self.entity)
            self.lake.delete(stale)

    def _present(self) -> set[str]:
        """Keys of all files that this entity has in the day's curated tables and in the run's quarantine."""
        name = self.source.name
        day = self.run.business_date
        curated = (layout.curated_prefix(name, table, day) for table in self.source.tables)
        curated_keys = {
            file.key for prefix in curated for file in self.lake.list(prefix) if _writer_of(file.key) == self.entity
        }
        quarantine = self.lake.list(layout.quarantine_prefix(name, self.entity, self.run))
        return curated_keys | {file.key for file in quarantine}

    def _manifest_key(self) -> str:
        return layout.curated_manifest_key(self.source.name, self.entity, self.run.business_date)


def _keys_of(manifest: CuratedManifest) -> set[str]:
    return {file.key for file in manifest.files} | set(manifest.quarantine)


def _writer_of(key: str) -> str | None:
    """The entity whose validation wrote a curated file (`<run>.<entity>.<part>.parquet`), or None for other files."""
    parts = key.rpartition("/")[2].rsplit(".", 3)
    return parts[1] if len(parts) == 4 and parts[3] == "parquet" else None


def _check(source: Source, manifest: CuratedManifest, quarantine: str) -> None:
    """Raise if too many records were rejected, in this validation or in the one whose files are used."""
    counts = {name: manifest.report[name] for name in _COUNTS}
    counts["first_quarantined"] = manifest.report.get("first_quarantined", {})  # older manifests don't have it
    counts["drift"] = {
        kind: {path: Sighting(**sighting) for path, sighting in fields.items()}
        for kind, fields in manifest.report["drift"].items()
    }
    model = source.record(manifest.entity)
    version = manifest.contract_version
    thresholds = (model.reject_threshold, model.discard_threshold)
    ValidationReport(manifest.source, manifest.entity, version, *thresholds, **counts).check(quarantine)
