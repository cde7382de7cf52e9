"""What each contract mode does with new fields and with bad values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq
import pytest
from pydantic import Field

from lake.curated import Lineage
from lake.report import ContractViolation, ValidationReport
from lake.validate import validate
from schemas.contract import CuratedRow
from schemas.raw import ContractMode, First, RawPart, RawRecord, every
from schemas.source import Envelope, Source
from schemas.types import BigInteger, Id, Integer, Name


class GigRow(CuratedRow):
    """A gig."""

    table: ClassVar[str] = "gigs"
    key: ClassVar[tuple[str, ...]] = ("gig_id",)
    gig_id: Id = Field(description="Id.")
    name: Name | None = Field(None, description="Name.")
    seats: BigInteger | None = Field(None, description="Seats.")
    rows: Integer | None = Field(None, description="Rows.")


class Hall(RawPart):
    """The hall."""

    seats: BigInteger | None = None
    rows: list[Integer | None] | None = None


class RawGig(RawRecord):
    """A gig as sent."""

    entity: ClassVar[str] = "gigs"
    id: Id
    name: Name | None = None
    hall: Hall | None = None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        if first(GigRow, self.id):
            hall = self.hall or Hall()
            rows = [row for row in hall.rows or () if row is not None]
            yield GigRow(gig_id=self.id, name=self.name, seats=hall.seats, rows=len(rows))


def source(mode: ContractMode) -> Source:
    model = type("RawGig", (RawGig,), {"__module__": __name__, "mode": mode, "__annotations__": {}})
    envelope = Envelope(("data", "gigs"))
    return replace(
        Source("shop", {"gigs": model}, {"gigs": GigRow}, {"gigs": envelope}),
    )


def run(tmp_path: Path, mode: ContractMode, *records: dict[str, Any]) -> tuple[ValidationReport, list[dict[str, Any]]]:
    objects = [("file:///gigs.json", json.dumps({"data": {"gigs": records}}).encode())]
    report = validate(objects, source(mode), "gigs", tmp_path, Lineage("run", datetime(2026, 1, 1, tzinfo=UTC)))
    return report, [row for file in report.files for row in pq.read_table(file.path).to_pylist()]


GOOD = {"id": "1", "name": "one"}
NEW_FIELD = {"id": "2", "hall": {"seats": 5, "colour": "red"}}
RETYPED = {"id": "3", "name": ["three"], "hall": {"seats": "many", "rows": [1, "x", 3]}}
NO_ID = {"name": "four"}


def test_evolve_takes_new_fields_and_rejects_bad_values(tmp_path: Path) -> None:
    report, rows = run(tmp_path, "evolve", GOOD, NEW_FIELD, RETYPED, NO_ID)
    assert [row["gig_id"] for row in rows] == ["1", "2"]
    assert list(report.unknown_fields) == ["$.hall.colour"]
    assert report.quarantined_by_reason == {"string_type at $.name": 1, "missing at $.id": 1}


def test_discard_row_rejects_both(tmp_path: Path) -> None:
    report, rows = run(tmp_path, "discard_row", GOOD, NEW_FIELD, RETYPED)
    assert [row["gig_id"] for row in rows] == ["1"]
    assert report.quarantined_by_reason == {"unknown_field at $.hall.colour": 1, "string_type at $.name": 1}
    assert report.is_balanced


def test_discard_value_makes_bad_values_null_and_keeps_the_rest(tmp_path: Path) -> None:
    report, rows = run(tmp_path, "discard_value", GOOD, NEW_FIELD, RETYPED, NO_ID)
    third = next(row for row in rows if row["gig_id"] == "3")
    assert (third["name"], third["seats"], third["rows"]) == (None, None, 2)
    assert report.discarded_values == {"$.name": 1, "$.hall.seats": 1, "$.hall.rows[]": 1}
    assert report.quarantined_by_reason == {"missing at $.id": 1}
    assert report.is_balanced


def test_freeze_stops_at_a_new_field(tmp_path: Path) -> None:
    with pytest.raises(ContractViolation, match=r"\$\.hall\.colour is new in record 1 of file:///gigs.json"):
        run(tmp_path, "freeze", GOOD, NEW_FIELD)


def test_freeze_stops_at_a_retyped_field(tmp_path: Path) -> None:
    with pytest.raises(ContractViolation, match=r"\$\.name has another type"):
        run(tmp_path, "freeze", GOOD, RETYPED)


def test_freeze_still_rejects_records_that_are_only_bad(tmp_path: Path) -> None:
    report, _ = run(tmp_path, "freeze", GOOD, NO_ID)
    assert report.quarantined_by_reason == {"missing at $.id": 1}
