"""Schema drift: where what a source sends differs from its contract, counted, each with its first example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow.parquet as pq

from lake.curated import WrittenFile
from schemas.contract import LINEAGE

if TYPE_CHECKING:
    from lake.manifests import CuratedManifest

Kind = Literal["new field", "retyped", "missing", "null", "discarded"]
"""How a record differs from its contract.

new field: the contract does not know the field.
retyped: a value of another type than the contract's.
missing: left out, though the contract demands it.
null: null, though the contract demands a value.
discarded: set aside by the contract mode `discard_value`; of a value that only its column refuses, `table.column`.
"""
GONE = "gone"
"""How a day differs from the one before: no row has a value in a column (`table.column`), or a table has no row."""

MOST_FIELDS = 500
"""Fields told apart, of each kind; what comes after is counted together, since hostile keys are without end."""
OTHER_FIELDS = "$.*"

_RETYPED = re.compile(r"_(type|parsing|from_float)$")
_LINEAGE = frozenset(column.name for column in LINEAGE)


@dataclass(slots=True)
class Sighting:
    """What was seen of a field.

    Attributes:
        count: records that show it.
        example_uri: raw object of the first record.
        example_index: its place there, from 0.
        reason: why its value was set aside, without the value; None for other kinds.
    """

    count: int
    example_uri: str
    example_index: int
    reason: str | None = None


Drift = dict[Kind, dict[str, Sighting]]
"""Sightings by kind and JSON path (list indexes left out)."""


def note(drift: Drift, kind: Kind, path: str, uri: str, index: int, reason: str | None = None) -> None:
    """Count a record of a raw object that shows drift in a field; to be called once for both."""
    fields = drift.setdefault(kind, {})
    key = path if path in fields or len(fields) < MOST_FIELDS else OTHER_FIELDS
    fields.setdefault(key, Sighting(0, uri, index, reason)).count += 1


def kind_of(error_type: str) -> Kind | None:
    """The drift that an error of the raw contract stands for; None for a value that is merely bad."""
    if error_type == "missing":
        return "missing"
    if error_type == "null":
        return "null"
    return "retyped" if _RETYPED.search(error_type) else None


def empty_columns(files: Iterable[WrittenFile]) -> dict[str, list[str]]:
    """The columns in which no row has a value, by table; from the files' own statistics."""
    empty: dict[str, set[str]] = {}
    for file in files:
        metadata = pq.read_metadata(file.path)
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        columns = [[group.column(number) for group in groups] for number in range(metadata.num_columns)]
        here = {
            chunks[0].path_in_schema
            for chunks in columns
            if chunks and all(each.statistics and each.statistics.null_count == each.num_values for each in chunks)
        }
        empty[file.table] = empty.get(file.table, here) & here
    return {table: sorted(names - _LINEAGE) for table, names in empty.items() if names - _LINEAGE}


def gone(today: CuratedManifest, before: CuratedManifest) -> dict[str, int]:
    """What had values on the day before and has none today: the rows without it, by `table.column`, or 0 by table."""
    found = {table: 0 for table, rows in before.tables.items() if rows and today.rows_of(table) == 0}
    was_empty: Mapping[str, list[str]] = before.report.get("empty_columns", {})
    for table, columns in today.report.get("empty_columns", {}).items():
        known = set(was_empty.get(table, ())) if before.rows_of(table) else set(columns)
        found |= {f"{table}.{column}": today.rows_of(table) for column in columns if column not in known}
    return found
