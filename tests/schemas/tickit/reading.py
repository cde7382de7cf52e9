"""Lines of TICKIT's files as the readers hand them to the contract: text by column, None where there is none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas.raw import First, every
from schemas.tickit import SOURCE

FILES = {
    "users": "allusers_pipe.txt",
    "venues": "venue_pipe.txt",
    "categories": "category_pipe.txt",
    "dates": "date2008_pipe.txt",
    "events": "allevents_pipe.txt",
    "listings": "listings_pipe.txt",
    "sales": "sales_tab.txt",
}


def rows(entity: str, line: str, first: First = every) -> dict[str, dict[str, Any]]:
    """The rows that a line becomes, by table."""
    (values,) = _values(entity, [line])
    return {row.table: row.model_dump() for row in SOURCE.record(entity).model_validate(values).to_rows(first)}


def file_rows(entity: str, folder: Path) -> Iterator[dict[str, dict[str, Any]]]:
    """The rows of each line of an entity's file; a line that breaks the contract raises."""
    model = SOURCE.record(entity)
    with (folder / FILES[entity]).open(encoding="utf-8", newline="") as lines:
        for values in _values(entity, lines):
            yield {row.table: row.__dict__ for row in model.model_validate(values).to_rows()}


def _values(entity: str, lines: Any) -> Iterator[dict[str, str | None]]:
    form = SOURCE.formats[entity]
    for values in csv.reader(lines, delimiter=form.delimiter, quoting=csv.QUOTE_NONE):
        texts = (None if value in form.null else value for value in values)
        yield dict(zip(form.columns, texts, strict=True))
