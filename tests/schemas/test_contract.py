"""Curated rows: one declaration gives Arrow, Hive and Redshift types, and a hash that sees all but counters."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import pyarrow as pa
import pytest
from pydantic import Field, ValidationError

from schemas.contract import LINEAGE, CuratedRow
from schemas.registry import UnknownSourceError, get_source, source_names
from schemas.source import UnknownEntityError
from schemas.types import BigInteger, Id, Integer, LocalTimestamp, Money, Text, UtcTimestamp


class Sample(CuratedRow):
    """A sample.

    With more to say.
    """

    table: ClassVar[str] = "samples"
    key: ClassVar[tuple[str, ...]] = ("sample_id",)
    volatile: ClassVar[frozenset[str]] = frozenset({"views"})

    sample_id: Id = Field(description="Id.")
    label: Annotated[str, Text(3)] | None = Field(None, description="Label.")
    taken_at: UtcTimestamp | None = Field(None, description="UTC.")
    taken_local_at: LocalTimestamp | None = Field(None, description="Local.")
    price: Money | None = Field(None, description="Price.")
    place: Integer | None = Field(None, description="Place.")
    views: BigInteger | None = Field(None, description="Views.")
    is_open: bool = Field(False, description="Open.")


def test_columns_know_their_types_everywhere() -> None:
    column_types = {
        c.name: (str(c.arrow_type), c.hive_type, c.redshift_type, c.nullable, c.volatile) for c in Sample.columns()
    }
    assert column_types == {
        "sample_id": ("string", "string", "VARCHAR(256)", False, False),
        "label": ("string", "string", "VARCHAR(12)", True, False),
        "taken_at": ("timestamp[us]", "timestamp", "TIMESTAMP", True, False),
        "taken_local_at": ("timestamp[us]", "timestamp", "TIMESTAMP", True, False),
        "price": ("decimal128(12, 2)", "decimal(12,2)", "DECIMAL(12,2)", True, False),
        "place": ("int32", "int", "INTEGER", True, False),
        "views": ("int64", "bigint", "BIGINT", True, True),
        "is_open": ("bool", "boolean", "BOOLEAN", False, False),
    }
    assert Sample.description.startswith("A sample.")


def test_the_arrow_schema_ends_with_the_lineage() -> None:
    names = Sample.arrow_schema().names
    assert names[-4:] == ["_run_id", "_ingested_at", "_source_uri", "_row_hash"] == [c.name for c in LINEAGE]
    assert names[:-4] == [c.name for c in Sample.columns()]
    assert not Sample.arrow_schema().field("sample_id").nullable


def test_text_is_measured_in_characters_and_has_no_nul() -> None:
    assert Sample(sample_id="a", label="🎸🎸🎸").label == "🎸🎸🎸"
    for wrong in ("abcd", "a\x00b"):
        with pytest.raises(ValidationError):
            Sample(sample_id="a", label=wrong)


def test_times_must_say_or_must_not_say_their_zone() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  that is the point
    with pytest.raises(ValidationError):
        Sample(sample_id="a", taken_at=naive)
    with pytest.raises(ValidationError):
        Sample(sample_id="a", taken_local_at=naive.replace(tzinfo=UTC))


def test_an_instant_is_stored_in_utc() -> None:
    moment = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    row = Sample(sample_id="a", taken_at=moment)
    column = Sample.arrow_schema().get_field_index("taken_at")
    stored = pa.array([row.values()[column]], pa.timestamp("us"))
    assert stored.to_pylist() == [datetime(2026, 1, 1)]  # noqa: DTZ001  UTC without a zone, as stored


@pytest.mark.parametrize(
    "changes",
    [{"label": ""}, {"label": "x"}, {"price": Decimal("1.10")}, {"is_open": True}, {"place": 0}],
    ids=lambda changes: next(iter(changes)),
)
def test_the_hash_sees_every_change(changes: dict[str, Any]) -> None:
    assert Sample(sample_id="a", **changes).row_hash() != Sample(sample_id="a").row_hash()


def test_the_hash_does_not_see_counters() -> None:
    assert Sample(sample_id="a", views=1).row_hash() == Sample(sample_id="a", views=2).row_hash()


def test_a_key_must_be_there() -> None:
    with pytest.raises(TypeError, match="nullable"):

        class Keyless(CuratedRow):
            """No key."""

            table: ClassVar[str] = "keyless"
            key: ClassVar[tuple[str, ...]] = ("name",)
            name: Id | None = Field(None, description="Name.")


@pytest.mark.parametrize("name", source_names())
def test_every_source_is_described_whole(name: str) -> None:
    source = get_source(name)
    assert set(source.entities) <= set(source.tables)
    for row in source.tables.values():
        assert row.description
        assert re.fullmatch(r"[a-z][a-z0-9_]*", row.table)
        for column in row.columns():
            assert column.description, f"{row.table}.{column.name} has no description"
            length = re.fullmatch(r"VARCHAR\((\d+)\)", column.redshift_type)
            assert length is None or int(length[1]) <= 65_535, f"{row.table}.{column.name} is too long for Redshift"


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownSourceError, match="ticketmaster"):
        get_source("nonesuch")
    with pytest.raises(UnknownEntityError, match="venues"):
        get_source("ticketmaster").record("gigs")
