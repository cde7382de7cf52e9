"""`./boxoffice validate`: local files against the contracts, with no stack and no AWS."""

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
    """The call cannot be carried out: unknown source or entity, or a file that cannot be read."""


def validate(source: str, entity: str, files: Sequence[Path]) -> ValidationReport:
    """Validate files of raw records; too many rejects are reported, not refused: that is what one wants to see.

    Raises:
        InvalidArguments: the source, the entity or a file does not exist (the message lists what does), or a file
            cannot be read.
        ContractViolation: the contract is frozen and the files do not keep to it.
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
        terminal.say(f"{report.records_with_discards:,} records stay without values that were set aside")
    _counts("rows per curated table", report.rows)
    _counts("quarantined by reason", report.quarantined_by_reason, report.first_quarantined)
    drift = {f"{kind}: {path}": seen for kind, fields in report.drift.items() for path, seen in fields.items()}
    first = {name: _example(seen) for name, seen in drift.items()}
    _counts("not as the contract has it", {name: seen.count for name, seen in drift.items()}, first)


def _example(seen: Sighting) -> str:
    """Where a field was first seen to differ, and why its value was set aside."""
    place = f"record {seen.example_index} of {seen.example_uri}"
    return f"{place}: {seen.reason}" if seen.reason else place


def _counts(title: str, counts: dict[str, int], first: Mapping[str, str] | None = None) -> None:
    if not counts:
        terminal.say(f"{title}: none")
        return
    rows = [(name, count, *([first.get(name)] if first else [])) for name, count in counts.items()]
    terminal.show_table((title, "", "first") if first else (title, ""), rows)
