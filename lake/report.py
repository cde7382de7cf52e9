"""What a validation found, and the errors that it can end with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from lake.curated import WrittenFile
from lake.drift import Drift, Sighting
from lake.quarantine import QuarantineFile

_MANY = 100
"""Records of which a field was set aside; of fewer, their share says little."""


class ContractViolation(ValueError):
    """A field is new or has another type, and the contract is frozen: the run cannot go on."""


class TooManyRejects(ValueError):
    """The share of rejected records, or of those of which one field was set aside, passes the threshold.

    Attributes:
        report: the whole report.
    """

    def __init__(self, message: str, report: ValidationReport) -> None:
        super().__init__(message)
        self.report = report


class UnbalancedBooks(RuntimeError):
    """Records were lost or multiplied: an error in the contracts' code, not in the data."""


@dataclass(slots=True)
class ValidationReport:
    """What became of the records of one entity: raw = curated + quarantined + duplicate.

    Attributes:
        source: the source.
        entity: the entity.
        contract_version: changes with the contract.
        reject_threshold: share of rejects, 0 to 1, that is still accepted.
        discard_threshold: share of the records, 0 to 1, of which one field may have been set aside.
        objects: raw objects read.
        raw_records: records read; an object that could not be parsed counts as one.
        curated_records: rows in the entity's own table.
        quarantined_records: records rejected.
        duplicate_records: records whose key was met before, with equal content where the contract demands it.
        records_with_discards: records that stay and of which something was set aside; `drift` says what.
        rows: rows by curated table, zeros included.
        quarantined_by_reason: rejected records by `type at path`.
        first_quarantined: where the first record of each reason came from.
        drift: fields that are not as the contract has them, by kind and JSON path.
        empty_columns: columns in which no row has a value, by curated table.
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
        """Fields that the contract does not know, by JSON path."""
        return self.drift.get("new field", {})

    @property
    def discards(self) -> dict[str, Sighting]:
        """What was set aside of records that stay, by JSON path (or `table.column`)."""
        return self.drift.get("discarded", {})

    @property
    def reject_share(self) -> float:
        """Share of the records that were rejected, 0 to 1."""
        return self.quarantined_records / self.raw_records if self.raw_records else 0.0

    @property
    def has_too_many_rejects(self) -> bool:
        """Whether the share of rejects passes the threshold."""
        return self.reject_share > self.reject_threshold

    def check(self, quarantine: str = "the quarantine") -> None:
        """Fail when too much was rejected or set aside. To be called once the files are where they are kept.

        Args:
            quarantine: where the rejected records lie, for the message.

        Raises:
            TooManyRejects: the share of rejects, or of the records of which one field was set aside, passes the
                contract's threshold.
        """
        if self.has_too_many_rejects:
            raise TooManyRejects(self._too_many_rejects(quarantine), self)
        most = self.discard_threshold * self.raw_records
        for path, seen in self.discards.items():
            if seen.count >= _MANY and seen.count > most:
                raise TooManyRejects(self._too_many_discards(path, seen), self)

    def _too_many_rejects(self, quarantine: str) -> str:
        worst = sorted(self.quarantined_by_reason.items(), key=lambda item: -item[1])[:3]
        mostly = (f"{count} x {reason}{self._first_at(reason)}" for reason, count in worst)
        return (
            f"{self.source} {self.entity}: {self.quarantined_records} of {self.raw_records} records "
            f"({self.reject_share:.1%}) were rejected, more than the {self.reject_threshold:.1%} that are accepted; "
            f"mostly: {'; '.join(mostly)}. "
            f"The rejected records lie whole, with every reason, in {quarantine}; the {self.curated_records} good ones "
            f"were kept but are not loaded. {self._remedy}"
        )

    def _too_many_discards(self, path: str, seen: Sighting) -> str:
        return (
            f"{self.source} {self.entity}: the value of {path} was set aside in {seen.count} of {self.raw_records} "
            f"records, more than the {self.discard_threshold:.0%} that are accepted of one field: the contract no "
            f"longer fits it. First: record {seen.example_index} of {seen.example_uri} ({seen.reason}). "
            f"The {self.curated_records} records were kept but are not loaded. {self._remedy}"
        )

    @property
    def _remedy(self) -> str:
        return (
            "Mend the contract in schemas/, or have the source mended, then "
            f"./boxoffice replay {self.source} --date DAY, or run the day again: raw data is not fetched again."
        )

    def _first_at(self, reason: str) -> str:
        return f" (first: {self.first_quarantined[reason]})" if reason in self.first_quarantined else ""

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON, files by name."""
        content = asdict(self)
        for kind in ("files", "quarantine_files"):
            content[kind] = [{**each, "path": str(each["path"])} for each in content[kind]]
        content["reject_share"] = self.reject_share
        content["is_balanced"] = self.is_balanced
        return content
