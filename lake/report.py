"""The report of a validation, and the errors that it can end with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from lake.curated import WrittenFile
from lake.drift import Drift, Sighting
from lake.quarantine import QuarantineFile

_MANY = 100
"""The number of records with a discarded field below which their share is not significant."""


class ContractViolation(ValueError):
    """A field is new or has another type, and the contract is frozen: the run cannot continue."""


class TooManyRejects(ValueError):
    """The share of rejected records, or of records with one field discarded, exceeds the threshold.

    Attributes:
        report: the whole report.
    """

    def __init__(self, message: str, report: ValidationReport) -> None:
        super().__init__(message)
        self.report = report


class ReconciliationFailed(RuntimeError):
    """Records were lost or multiplied: an error in the contracts' code, not in the data."""


@dataclass(slots=True)
class ValidationReport:
    """The counts of one entity's validation: raw = curated + quarantined + duplicate.

    Attributes:
        source: the source.
        entity: the entity.
        contract_version: version of the contract.
        reject_threshold: the largest share of rejected records that is accepted, 0 to 1.
        discard_threshold: the largest share of records with one field discarded that is accepted, 0 to 1.
        objects: raw objects read.
        raw_records: records read; an object that could not be parsed counts as one.
        curated_records: rows in the entity's own table.
        quarantined_records: records rejected.
        duplicate_records: records whose key an earlier record has, with equal content if the contract demands it.
        records_with_discards: valid records with a discarded value; `drift` lists the fields.
        rows: rows by curated table, including zeros.
        quarantined_by_reason: rejected records by `type at path`.
        first_quarantined: origin of the first record of each reason.
        drift: fields that differ from the contract, by kind and JSON path.
        empty_columns: columns without a value in any row, by curated table.
        files: Parquet files written.
        quarantine_files: files of rejected records written.
    """

    source: str
    entity: str
    contract_version: str
    reject_threshold: float
    discard_threshold: float
    objects: int = 0
    raw_records: int = 0
    curated_records: int = 0
    quarantined_records: int = 0
    duplicate_records: int = 0
    records_with_discards: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    quarantined_by_reason: dict[str, int] = field(default_factory=dict)
    first_quarantined: dict[str, str] = field(default_factory=dict)
    drift: Drift = field(default_factory=dict)
    empty_columns: dict[str, list[str]] = field(default_factory=dict)
    files: list[WrittenFile] = field(default_factory=list)
    quarantine_files: list[QuarantineFile] = field(default_factory=list)

    @property
    def is_balanced(self) -> bool:
        """Whether every record is accounted for."""
        return self.raw_records == self.curated_records + self.quarantined_records + self.duplicate_records

    @property
    def unknown_fields(self) -> dict[str, Sighting]:
        """Fields that the contract doesn't declare, by JSON path."""
        return self.drift.get("new field", {})

    @property
    def discards(self) -> dict[str, Sighting]:
        """Discarded values of valid records, by JSON path (or `table.column`)."""
        return self.drift.get("discarded", {})

    @property
    def reject_share(self) -> float:
        """Share of rejected records, 0 to 1."""
        return self.quarantined_records / self.raw_records if self.raw_records else 0.0

    @property
    def has_too_many_rejects(self) -> bool:
        """Whether the share of rejected records exceeds the threshold."""
        return self.reject_share > self.reject_threshold

    def check(self, quarantine: str = "the quarantine") -> None:
        """Raise if too many records or values were rejected. Call it after the files are stored.

        Args:
            quarantine: location of the rejected records, for the message.

        Raises:
            TooManyRejects: the share of rejected records, or of records with one field discarded, exceeds the
                contract's threshold.
        """
        if self.has_too_many_rejects:
            raise TooManyRejects(self._too_many_rejects(quarantine), self)
        most = self.discard_threshold * self.raw_records
        for path, sighting in self.discards.items():
            if sighting.count >= _MANY and sighting.count > most:
                raise TooManyRejects(self._too_many_discards(path, sighting), self)

    def _too_many_rejects(self, quarantine: str) -> str:
        worst = sorted(self.quarantined_by_reason.items(), key=lambda item: -item[1])[:3]
        mostly = (f"{count} x {reason}{self._first_at(reason)}" for reason, count in worst)
        return (
            f"{self.source} {self.entity}: {self.quarantined_records} of {self.raw_records} records "
            f"({self.reject_share:.1%}) were rejected, more than the {self.reject_threshold:.1%} that are accepted; "
            f"mostly: {'; '.join(mostly)}. "
            f"The rejected records are stored whole, with every reason, in {quarantine}; the {self.curated_records} "
            f"valid ones were kept but are not loaded. {self._remedy}"
        )

    def _too_many_discards(self, path: str, sighting: Sighting) -> str:
        return (
            f"{self.source} {self.entity}: the value of {path} was discarded in {sighting.count} of {self.raw_records} "
            f"records, more than the {self.discard_threshold:.0%} that are accepted for one field: the contract no "
            f"longer fits it. First: record {sighting.example_index} of {sighting.example_uri} ({sighting.reason}). "
            f"The {self.curated_records} records were kept but are not loaded. {self._remedy}"
        )

    @property
    def _remedy(self) -> str:
        return (
            "Fix the contract in schemas/, or have the source fixed. Then run "
            f"./boxoffice replay {self.source} --date DAY, or run the day again: raw data is not fetched again."
        )

    def _first_at(self, reason: str) -> str:
        return f" (first: {self.first_quarantined[reason]})" if reason in self.first_quarantined else ""

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON, with paths as text."""
        content = asdict(self)
        for kind in ("files", "quarantine_files"):
            content[kind] = [{**file, "path": str(file["path"])} for file in content[kind]]
        content["reject_share"] = self.reject_share
        content["is_balanced"] = self.is_balanced
        return content
