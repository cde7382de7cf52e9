"""Schema drift: differences between a source's records and its contract, counted, each with its first example."""

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

new field: the contract does not declare the field.
retyped: the value has another type than in the contract.
missing: a required field is absent.
null: a required value is null.
discarded: the contract mode `discard_value` discarded the value. The path is `table.column` if only the column
    refuses it.
"""
GONE = "gone"
"""A difference from the day before: a column (`table.column`) has no value in any row, or a table has no row."""

MOST_FIELDS = 500
"""The most fields of each kind that are counted separately. Later ones are counted together: a hostile record can
have any number of keys."""
OTHER_FIELDS = "$.*"

_RETYPED = re.compile(r"_(type|parsing|from_float)$")
_LINEAGE = frozenset(column.name for column in LINEAGE)


@dataclass(slots=True)
class Sighting:
    """The occurrences of drift in a field.

    Attributes:
        count: records that have it.
        example_uri: raw object of the first record.
        example_index: the position of that record in the object, from 0.
        reason: why its value was discarded, without the value; None for other kinds.
    """

    count: int
    example_uri: str
    example_index: int
    reason: str | None = None


Drift = dict[Kind, dict[str, Sighting]]
"""Sightings by kind and JSON path (without list indexes)."""


def note(drift: Drift, kind: Kind, path: str, uri: str, index: int, reason: str | None = None) -> None:
    """Count a record with drift in a field. Call it once per record and field."""
    fields = drift.setdefault(kind, {})
    key = path if path in fields or len(fields) < MOST_FIELDS else OTHER_FIELDS
    fields.setdefault(key, Sighting(0, uri, index, reason)).count += 1


def kind_of(error_type: str) -> Kind | None:
    """The kind of drift that an error of the raw contract means; None for a value that is just bad."""
    if error_type == "missing":
        return "missing"
    if error_type == "null":
        return "null"
    return "retyped" if _RETYPED.search(error_type) else None


def empty_columns(files: Iterable[WrittenFile]) -> dict[str, list[str]]:
    """The columns without a value in any row, by table, from the statistics of the files."""
    empty: dict[str, set[str]] = {}
    for file in files:
        metadata = pq.read_metadata(file.path)
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        columns = [[group.column(number) for group in groups] for number in range(metadata.num_columns)]
        empty_here = {
            parts[0].path_in_schema
            for parts in columns
            if parts and all(part.statistics and part.statistics.null_count == part.num_values for part in parts)
        }
        empty[file.table] = empty.get(file.table, empty_here) & empty_here
    return {table: sorted(names - _LINEAGE) for table, names in empty.items() if names - _LINEAGE}


def gone(today: CuratedManifest, before: CuratedManifest) -> dict[str, int]:
    """Columns and tables that had values on the day before and have none today.
    Returns:
        Today's rows by `table.column`, and 0 by name of an empty table.
    """
    gone_rows = {table: 0 for table, rows in before.tables.items() if rows and today.rows_of(table) == 0}
    was_empty: Mapping[str, list[str]] = before.report.get("empty_columns", {})
    for table, columns in today.report.get("empty_columns", {}).items():
        known = set(was_empty.get(table, ())) if before.rows_of(table) else set(columns)
        gone_rows |= {f"{table}.{column}": today.rows_of(table) for column in columns if column not in known}
    return gone_rows
