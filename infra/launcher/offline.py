"""`./boxoffice validate`: validates local files against the contracts, without a stack or AWS."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra import terminal
from lake.drift import Sighting
from lake.report import TooManyRejects, ValidationReport
from lake.validate import validate_files
from schemas.registry import UnknownSourceError, get_source
from schemas.source import UnknownEntityError


class InvalidArguments(ValueError):
    """The source or entity is unknown, or a file can't be read."""


def validate(source: str, entity: str, files: Sequence[Path]) -> ValidationReport:
    """Validate files of raw records. Too many rejects don't raise an error: the report is what the user wants.

    Raises:
        InvalidArguments: the source, the entity or a file doesn't exist, or a file can't be read. For a source or
            entity the message lists the known ones.
        ContractViolation: the contract is frozen, and the files break it.
    """
    try:
        get_source(source).record(entity)
    except (UnknownSourceError, UnknownEntityError) as error:
        raise InvalidArguments(str(error.args[0])) from error
    if missing := [str(file) for file in files if not file.is_file()]:
        raise InvalidArguments(f"no such file: {', '.join(missing)}")
    try:
        return validate_files(source, entity, files)
    except TooManyRejects as error:
        return error.report
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidArguments(f"a file cannot be read, or is a broken gzip: {error}") from error


def show(report: ValidationReport, *, as_json: bool) -> None:
    """Print a report for people, or as JSON."""
    if as_json:
        terminal.show_json(
            {name: value for name, value in report.as_dict().items() if name not in ("files", "quarantine_files")}
        )
        return
    terminal.say(
        f"{report.raw_records:,} records read = {report.curated_records:,} curated + "
        f"{report.quarantined_records:,} quarantined + {report.duplicate_records:,} duplicates"
    )
    if report.records_with_discards:
        terminal.say(f"{report.records_with_discards:,} records are valid without their discarded values")
    _counts("rows per curated table", report.rows)
    _counts("quarantined by reason", report.quarantined_by_reason, report.first_quarantined)
    drift = {f"{kind}: {path}": sighting for kind, fields in report.drift.items() for path, sighting in fields.items()}
    first = {name: _example(sighting) for name, sighting in drift.items()}
    _counts("drift from the contract", {name: sighting.count for name, sighting in drift.items()}, first)


def _example(sighting: Sighting) -> str:
    """The first record where a field differs, and why its value was discarded."""
    place = f"record {sighting.example_index} of {sighting.example_uri}"
    return f"{place}: {sighting.reason}" if sighting.reason else place


def _counts(title: str, counts: dict[str, int], first: Mapping[str, str] | None = None) -> None:
    if not counts:
        terminal.say(f"{title}: none")
        return
    rows = [(name, count, *([first.get(name)] if first else [])) for name, count in counts.items()]
    terminal.show_table((title, "", "first") if first else (title, ""), rows)
