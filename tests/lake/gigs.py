"""A small contract for tests of the modes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pyarrow.parquet as pq
from pydantic import Field

from lake.curated import Lineage
from lake.report import ValidationReport
from lake.validate import validate
from schemas.contract import CuratedRow
from schemas.formats import Json
from schemas.raw import ContractMode, First, RawPart, RawRecord, every
from schemas.source import Source
from schemas.types import BigInteger, Date, Id, Integer, Name, Text, WrittenDate


class GigRow(CuratedRow):
    """A gig."""

    table: ClassVar[str] = "gigs"
    key: ClassVar[tuple[str, ...]] = ("gig_id",)
    gig_id: Id = Field(description="Id.")
    name: Name | None = Field(None, description="Name.")
    seats: BigInteger | None = Field(None, description="Seats.")
    rows: Integer | None = Field(None, description="Rows.")
    country: Annotated[str, Text(2)] | None = Field(None, description="Country.")
    bars: Name | None = Field(None, description="Ids of the bars.")
    day: Date | None = Field(None, description="Day.")


class Bar(RawPart):
    """A bar."""

    id: Id


class Sponsor(RawPart):
    """A sponsor; objects of other kinds come in the same list."""

    type: Literal["sponsor"] = "sponsor"
    id: Id


class Hall(RawPart):
    """The hall."""

    seats: BigInteger | None = None
    rows: list[Integer | None] | None = None
    bars: list[Bar] | None = None
    doors: Integer | Annotated[str, Text(3)] | None = None
    acts: list[Bar] | Annotated[str, Text(3)] | None = None
    sponsors: list[Sponsor] | None = None


class RawGig(RawRecord):
    """A gig as sent."""

    entity: ClassVar[str] = "gigs"
    id: Id
    name: Name | None = None
    country: Name | None = None
    hall: Hall | None = None
    on: WrittenDate | None = None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        if first(GigRow, self.id):
            hall = self.hall or Hall()
            rows = len([row for row in hall.rows if row is not None]) if hall.rows else None
            bars = ",".join(bar.id for bar in hall.bars) if hall.bars else None
            columns = {"seats": hall.seats, "rows": rows, "bars": bars, "day": self.on}
            yield GigRow(gig_id=self.id, name=self.name, country=self.country, **columns)


def source(mode: ContractMode) -> Source:
    model = type("RawGig", (RawGig,), {"__module__": __name__, "mode": mode, "__annotations__": {}})
    return Source("shop", {"gigs": model}, {"gigs": GigRow}, {"gigs": Json(("data", "gigs"))})


def run(tmp_path: Path, mode: ContractMode, *records: Any) -> tuple[ValidationReport, list[dict[str, Any]]]:
    objects = [("s3://lake/p0.json.gz", json.dumps({"data": {"gigs": records}}).encode())]
    report = validate(objects, source(mode), "gigs", tmp_path, Lineage("run", datetime(2026, 1, 1, tzinfo=UTC)))
    assert report.is_balanced
    return report, [row for file in report.files for row in pq.read_table(file.path).to_pylist()]
