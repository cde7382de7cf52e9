"""Replaying the quarantine: which of a day's rejected records pass today's contracts? It only reads.

To load the records that pass, the day is rebuilt from its raw data. This way all rows of a day are of one contract, and
no record appears twice.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aws_services.errors import NoSuchBucket, NotFound
from lake.curated import Lineage
from lake.layout import RunId
from lake.manifests import CuratedManifest, RawManifest
from lake.observations import Observations
from lake.quarantine import head_bytes, record_bytes
from lake.readers import format_in_quarantine
from lake.store import CorruptObject, Lake
from lake.validate import OTHER_CONTENT, Body, validate
from schemas.formats import Format, Json
from schemas.registry import get_source
from schemas.source import Source


class NotValidated(LookupError):
    """The day has no quarantine to replay: it was not observed or not validated, as the message explains."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The rejected records of one entity of a day, validated by today's contract.

    Attributes:
        entity: the raw entity.
        quarantined: records in quarantine.
        passing: records that pass now. When they are loaded, one may still be a duplicate of a row.
        duplicates: records that repeat one that passes.
        failing: records that are rejected again, by reason.
    """

    entity: str
    quarantined: int
    passing: int
    duplicates: int
    failing: dict[str, int]


def replay(lake: Lake, source_name: str, pipeline: str, business_date: date) -> list[Replay]:
    """Validate the quarantined records of a day's newest observation, which loading uses, by today's contracts.

    Args:
        lake: the lake.
        source_name: the source.
        pipeline: the pipeline that observes it.
        business_date: the day.

    Returns:
        One result for each validated entity. After a failed run, some entities may be missing.

    Raises:
        NotValidated: the day has no finished raw data, or none of it was validated.
        lake.report.ContractViolation: a contract is frozen and a quarantined record breaks it.
        CorruptObject: a file of the quarantine is missing or unreadable.
    """
    source = get_source(source_name)
    return [_replay(lake, source, manifest) for manifest in validated(lake, source, pipeline, business_date)]


def validated(lake: Lake, source: Source, pipeline: str, business_date: date) -> list[CuratedManifest]:
    """The manifests of the validated entities of a day's newest observation.

    Raises:
        NotValidated: the day has no finished raw data, or none of it was validated.
    """
    run = Observations(lake, source.name, source.entities, pipeline).newest_finished(business_date)
    if run is None:
        raise NotValidated(
            f"there is no finished raw data of {source.name} of {business_date} in "
            f"{lake.uri(f'raw/{source.name}/')}: the quarantine can't contain records of that day"
        )
    manifests = [manifest for entity in source.entities if (manifest := _manifest(lake, source.name, entity, run))]
    if not manifests:
        raise NotValidated(
            f"{source.name} of {business_date} was not validated for run {run}: trigger {pipeline} for that day; it "
            "resumes and validates by today's contract"
        )
    return manifests


def _manifest(lake: Lake, source: str, entity: str, run: RunId) -> CuratedManifest | None:
    """The curated manifest of a run's raw data: its own or, if the source had not changed, an earlier one."""
    raw = RawManifest.read(lake, source, entity, run)
    manifests = CuratedManifest.of_raw(lake, raw)
    return next((manifest for manifest in manifests if manifest.run == run or raw.same_as), None)


def _replay(lake: Lake, source: Source, manifest: CuratedManifest) -> Replay:
    form = format_in_quarantine(source.format(manifest.entity))
    as_kept = replace(source, formats={**source.formats, manifest.entity: form})
    contradicting = Counter[str]()
    with tempfile.TemporaryDirectory(prefix="boxoffice-replay-") as directory:
        lineage = Lineage(manifest.run_id, manifest.finished_at)
        compares = source.record(manifest.entity).repeats == "equal"
        rejected = _rejected(lake, manifest, form, contradicting if compares else None)
        report = validate(rejected, as_kept, manifest.entity, Path(directory), lineage)
    return Replay(
        entity=manifest.entity,
        quarantined=manifest.quarantined_records,
        passing=report.curated_records,
        duplicates=report.duplicate_records,
        failing=dict(Counter(report.quarantined_by_reason) + contradicting),
    )


def _rejected(
    lake: Lake, manifest: CuratedManifest, form: Format, contradicting: Counter[str] | None
) -> Iterator[Body]:
    """Every quarantined record, as if it were a raw object of its own.

    A record that contradicts one that was kept would pass alone. It is only counted, by reason, in `contradicting`. If
    that is None, the contract no longer compares duplicates.
    """
    for key in manifest.quarantine:
        try:
            with lake.open(key) as packed, gzip.open(packed) as lines:
                for number, line in enumerate(lines):
                    content = json.loads(line)
                    if contradicting is not None and content["reason"].startswith(f"{OTHER_CONTENT} "):
                        contradicting[content["reason"]] += 1
                        continue
                    uri = content["source_uri"]
                    yield Body(uri, _body(content, form), file=f"{uri}#{number}")  # every record is a file of its own
        except NoSuchBucket:
            raise
        except (NotFound, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
            raise CorruptObject(
                f"{lake.uri(key)} is missing or not a quarantine file ({error}): rebuild {manifest.business_date} of "
                f"{manifest.run.pipeline}, which validates it from its raw data"
            ) from error


def _body(line: dict[str, str], form: Format) -> bytes:
    """A record as an object of its own: JSON as a list, so that it stays one record; other formats with their head."""
    verbatim = record_bytes(line)
    if not isinstance(form, Json):
        return head_bytes(line) + verbatim
    is_whole = line["encoding"] == "json" and not line["reason"].startswith("error_body ")
    return b"[" + verbatim + b"]" if is_whole else verbatim
