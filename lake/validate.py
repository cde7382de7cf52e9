"""From raw objects to curated Parquet: every record becomes rows, a duplicate, or a line in the quarantine.

It streams: only one raw object is in memory at a time, and the memory for earlier records is constant. The same objects
in the same order give the same rows in the same order.
"""

from __future__ import annotations

import gc
import gzip
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple, cast

from pydantic import ValidationError

from lake import drift
from lake.contract_modes import discard_values, has_retyped
from lake.curated import Lineage, TableWriter
from lake.dedupe import KeyIndex
from lake.quarantine import Origin, QuarantineWriter, reason_of
from lake.readers import reader_of
from lake.records import Bad, RecordError, row_errors, without_indexes
from lake.repeats import Notes
from lake.report import (
    ContractViolation,
    ReconciliationFailed,
    TooManyRejects,
    ValidationReport,
)
from schemas.contract import CuratedRow, discarding
from schemas.formats import Json
from schemas.raw import RawRecord, Rejected, unknown_keys_met
from schemas.registry import get_source
from schemas.source import Source

OTHER_CONTENT = "other_content"
"""The error type of a record that repeats a key with different content."""
_MOST_REASONS = 500
_OTHER_REASONS = "any other reason"
_BYTES_A_PART = 8 * 2**20
_OBJECTS_BETWEEN_COLLECTIONS = 50_000  # Python's default is 700; collections would take a tenth of the time


class Body(NamedTuple):
    """A raw object to validate.

    Attributes:
        uri: the raw object.
        content: its bytes, not compressed, or a seekable stream of them.
        file: URI of the file that it is a part of. Consecutive bodies with the same file are its parts, in order.
    """

    uri: str
    content: bytes | IO[bytes]
    file: str | None = None


def validate(
    objects: Iterable[tuple[str, bytes] | Body], source: Source, entity: str, out_dir: Path, lineage: Lineage
) -> ValidationReport:
    """Validate the raw objects of one entity and write its curated files and its quarantine.

    Args:
        objects: the raw objects in the order of their keys, as `Body` or as URI and bytes; consecutive objects with
            the same URI are parts of one.
        source: the contracts.
        entity: one of the source's entities.
        out_dir: an empty local directory; gets `curated/<table>/NNNN.parquet` and `quarantine/NNNN.jsonl.gz`.
        lineage: the run.

    Returns:
        The report. Call `report.check()` after the files are stored: it raises if too many records were rejected.

    Raises:
        UnknownEntityError: the source has no such entity.
        ContractViolation: the contract is frozen and a field is new or has another type.
    """
    with (
        tempfile.TemporaryDirectory(prefix="boxoffice-keys-") as scratch,
        KeyIndex(Path(scratch)) as keys,
        _few_cycles_expected(),
        closing(_Validation(source, entity, out_dir, lineage, keys)) as validation,
    ):
        for body in objects:
            validation.take(Body(*body))
        return validation.finish()


def validate_files(source_name: str, entity: str, files: Sequence[Path]) -> ValidationReport:
    """Validate local files of raw records in the source's format, gzipped or not.

    A JSON file may have pages, single records, arrays or JSON Lines. The function needs no AWS. It deletes the files
    that it writes, so the report's files no longer exist.

    Raises:
        UnknownSourceError: the source doesn't exist.
        UnknownEntityError: the source has no such entity.
        ContractViolation: the contract is frozen and a field is new or has another type.
        OSError: a file cannot be read.
    """
    source = get_source(source_name)
    with tempfile.TemporaryDirectory(prefix="boxoffice-validate-") as directory:
        lineage = Lineage("local", datetime.now(UTC))
        bodies = _read(files, is_json=isinstance(source.format(entity), Json))
        return validate(bodies, source, entity, Path(directory), lineage)


def _read(files: Sequence[Path], *, is_json: bool) -> Iterator[Body]:
    """The files; if the format is JSON, JSON Lines of any size are split into parts of whole lines."""
    for path in files:
        uri = path.absolute().as_uri()
        is_lines = is_json and path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson"))
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            if not is_lines:
                yield Body(uri, cast("IO[bytes]", stream), uri)
                continue
            while body := stream.read(_BYTES_A_PART) + stream.readline():
                yield Body(uri, body, uri)


@contextmanager
def _few_cycles_expected() -> Iterator[None]:
    """Collect reference cycles less often: records are trees of hundreds of objects without cycles."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Validation:
    """The state of one validation: open writers, known keys, counts."""

    def __init__(self, source: Source, entity: str, out_dir: Path, lineage: Lineage, keys: KeyIndex) -> None:
        self._model = source.record(entity)
        self._reader = reader_of(source.format(entity), self._model)
        self._keys = keys
        self._notes = Notes()
        self._refused: list[tuple[type[CuratedRow], str]] = []
        version = source.contract_version(entity)
        self._quarantine = QuarantineWriter(out_dir / "quarantine", version, is_json=self._reader.is_json)
        self._writers = {
            name: TableWriter(row, out_dir / "curated" / name, lineage) for name, row in source.tables.items()
        }
        thresholds = (self._model.reject_threshold, self._model.discard_threshold)
        self.report = ValidationReport(source.name, entity, version, *thresholds)
        self._tables = {row.__name__: name for name, row in source.tables.items()}
        self._body = Body("", b"")
        self._index = 0

    def take(self, body: Body) -> None:
        """Validate one raw object."""
        before = self._body
        self._body = body
        if body.uri != before.uri:
            self._index = 0
            self.report.objects += 1
        if (body.file or body.uri) != (before.file or before.uri):
            self._reader.begin()
        content = io.BytesIO(body.content) if isinstance(body.content, bytes) else body.content
        unknown_keys = unknown_keys_met()
        for verbatim, record in self._reader.read(content):
            unknown_before = unknown_keys
            unknown_keys = unknown_keys_met()
            self.report.raw_records += 1
            if isinstance(record, Bad):
                self._bad(record, verbatim)
            else:
                self._good(record, verbatim, look_closer=unknown_keys != unknown_before)
            self._index += 1

    def finish(self) -> ValidationReport:
        """Close all files and reconcile the counts."""
        report = self.report
        for name, writer in self._writers.items():
            report.files += writer.close()
            report.rows[name] = writer.rows
        report.empty_columns = drift.empty_columns(report.files)
        report.quarantine_files = self._quarantine.close()
        report.curated_records = report.rows[report.entity]
        if not report.is_balanced:
            raise ReconciliationFailed(
                f"{report.source} {report.entity}: {report.raw_records} records became {report.curated_records} rows, "
                f"{report.quarantined_records} rejects and {report.duplicate_records} duplicates: "
                "to_rows() of the raw model must yield one row of its own table, or none for a duplicate"
            )
        return report

    def close(self) -> None:
        """Close the quarantine's file, which an error would leave open and cut short."""
        self._quarantine.close()

    def _good(
        self, record: RawRecord, verbatim: bytes, *, look_closer: bool, discarded: tuple[RecordError, ...] = ()
    ) -> None:
        """Write a valid record's rows, unless the record is a duplicate or its rows break the contract.

        Args:
            record: the record.
            verbatim: its bytes.
            look_closer: whether it may have fields that the contract doesn't declare.
            discarded: its discarded values.
        """
        try:
            if look_closer and (unknown := sorted(set(record.unknown_fields()))):
                self._note_unknown(unknown)
                if self._model.mode == "discard_row":
                    raise Rejected(unknown[0], "unknown_field", "the contract does not declare this field")
            try:
                rows, note = self._rows(record)
            except ValidationError:
                if self._model.mode != "discard_value":
                    raise
                self._keys.give_back()
                with discarding() as nulls:
                    rows, note = self._rows(record)
                discarded += tuple(RecordError(null.path, null.type, null.message) for null in nulls)
        except Rejected as error:
            self._reject(verbatim, (RecordError(error.path, error.kind, error.message), *discarded))
        except ValidationError as error:
            self._reject(verbatim, row_errors(error, self._tables.get(error.title)))
        else:
            self._note_discarded(discarded)
            self._write(rows, note)

    def _rows(self, record: RawRecord) -> tuple[list[CuratedRow], bytes]:
        """A record's rows, and the note to keep about it."""
        self._refused.clear()
        rows = list(record.to_rows(self._first))
        return rows, self._compared(record, rows) if self._model.repeats == "equal" else b""

    def _compared(self, record: RawRecord, rows: list[CuratedRow]) -> bytes:
        """The note to keep about a record; empty for a duplicate. Raises Rejected if an earlier record differs."""
        whole = list(record.to_rows()) if self._refused else rows
        own = [(row, key) for row, key in self._refused if row.table == self.report.entity]
        if not own:
            body = self._body
            return self._notes.of(whole, body.file or body.uri, self._reader.line, self._index)
        row, key = own[0]
        kept = self._keys.note(row.table, key)
        if not self._notes.are_equal(kept, whole):
            raise Rejected(
                f"{row.table}.{'_'.join(row.key)}",
                OTHER_CONTENT,
                f"the record of {key} in {self._notes.place(kept)}, which was kept, has different content: "
                "ask the source which of the two is right",
            )
        return b""

    def _write(self, rows: list[CuratedRow], note: bytes) -> None:
        self._keys.commit(note)
        own = self.report.entity
        writers = self._writers
        uri = self._body.uri
        is_duplicate = True
        for row in rows:
            writers[row.table].add(row, uri)
            if row.table == own:
                is_duplicate = False
        self.report.duplicate_records += is_duplicate

    def _bad(self, bad: Bad, verbatim: bytes) -> None:
        """Handle a record that breaks the raw contract, as the contract's mode demands."""
        mode = self._model.mode
        differences = ((drift.kind_of(error.type), without_indexes(error.path)) for error in bad.errors)
        for kind, path in dict.fromkeys(differences):
            if kind:
                self._note(kind, path)
        if mode == "freeze" and (retyped := has_retyped(bad.errors)):
            raise ContractViolation(
                f"{self.report.source} {self.report.entity} is frozen, and {retyped.path} has another type "
                f"({retyped.message}) in record {self._index} of {self._body.uri}: change the contract in schemas/ "
                "(its fields or its mode), then run again"
            )
        reasons: tuple[RecordError, ...] = ()
        if mode == "discard_value":
            record, reasons = discard_values(bad.content, self._model)
            if record is not None:
                self._good(record, verbatim, look_closer=True, discarded=bad.unreadable + reasons)
                return
        self._note_unknown(bad.unknown)
        self._reject(verbatim, tuple(dict.fromkeys((*reasons, *bad.errors))))

    def _note(self, kind: drift.Kind, path: str, reason: str | None = None) -> None:
        drift.note(self.report.drift, kind, path, self._body.uri, self._index, reason)

    def _note_discarded(self, discarded: Sequence[RecordError]) -> None:
        """Report the discarded values of a valid record, once per field."""
        for path, reason in {without_indexes(error.path): error.message for error in reversed(discarded)}.items():
            self._note("discarded", path, reason)
        self.report.records_with_discards += bool(discarded)

    def _note_unknown(self, paths: Sequence[str]) -> None:
        """Report fields that the contract doesn't declare. Raises ContractViolation if the contract is frozen."""
        for path in paths:
            self._note("new field", path)
        if paths and self._model.mode == "freeze":
            raise ContractViolation(
                f"{self.report.source} {self.report.entity} is frozen, and {', '.join(paths[:5])} is new in record "
                f"{self._index} of {self._body.uri}: add it to the contract in schemas/, then run again"
            )

    def _reject(self, verbatim: bytes, errors: tuple[RecordError, ...]) -> None:
        self._keys.give_back()
        reason = reason_of(errors)
        counts = self.report.quarantined_by_reason
        reader = self._reader
        body = self._body
        origin = Origin(body.uri, self._index, body.file, reader.line, reader.head)
        self._quarantine.add(verbatim, origin, errors)
        self.report.quarantined_records += 1
        key = reason if reason in counts or len(counts) < _MOST_REASONS else _OTHER_REASONS
        if key not in counts:
            self.report.first_quarantined[key] = str(origin)
        counts[key] = counts.get(key, 0) + 1

    def _first(self, table: type[CuratedRow], key: str) -> bool:
        is_new = self._keys.claim(table.table, key)
        if not is_new:
            self._refused.append((table, key))
        return is_new


__all__ = ["ContractViolation", "Lineage", "TooManyRejects", "ValidationReport", "validate", "validate_files"]
