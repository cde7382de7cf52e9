"""`./boxoffice validate`: local files against the contracts, with no stack and no AWS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from lake.validate import ValidationReport, validate_files
from schemas.registry import get_source


class Refused(ValueError):
    """The call cannot be carried out: unknown source or entity, or a file that is not there."""


def validate(source: str, entity: str, files: Sequence[Path]) -> ValidationReport:
    """Validate files of raw records.

    Raises:
        Refused: the source, the entity or a file does not exist; the message lists what does.
    """
    try:
        contract = get_source(source)
    except KeyError as error:
        raise Refused(str(error.args[0])) from error
    if entity not in contract.entities:
        raise Refused(f"{source} has no entity {entity!r}; it has {', '.join(contract.entities)}")
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise Refused(f"no such file: {', '.join(missing)}")
    return validate_files(source, entity, files)


def show(report: ValidationReport, console: Console, *, as_json: bool) -> None:
    """Print a report for people, or as JSON."""
    counts: dict[str, Any] = report.as_dict()
    if as_json:
        print(json.dumps(counts, indent=2))  # noqa: T201
        return
    console.print(json.dumps(counts, indent=2))
