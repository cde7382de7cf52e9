"""The warehouse's tables and data products, and what they mean, as its migration would leave them."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.catalog import Table, read_schemas
from warehouse.migrate import described_tables, steps


def warehouse_tables() -> dict[str, Table]:
    """All tables of the warehouse and the data products, by full name, in the order in which they are made."""
    return described_tables(steps())


def warehouse_schemas() -> dict[str, str]:
    """What each schema holds, as its COMMENT ON SCHEMA says."""
    return read_schemas(_comments())


def _comments() -> Iterator[str]:
    return (step.text for step in steps() if step.kind == "comment")
