"""The warehouse's tables and data products with their descriptions, as its migrations would create them."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.catalog import Table, read_schemas
from warehouse.migrate import described_tables, steps


def warehouse_tables() -> dict[str, Table]:
    """All tables and data products of the warehouse, by full name, in the order of their creation."""
    return described_tables(steps())


def warehouse_schemas() -> dict[str, str]:
    """The description of each schema, from its COMMENT ON SCHEMA."""
    return read_schemas(_comments())


def _comments() -> Iterator[str]:
    return (step.text for step in steps() if step.kind == "comment")
