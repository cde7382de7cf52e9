"""A validation whose contract loses or multiplies records fails, and one of a thousand odd records stays readable."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import Field

from lake.curated import Lineage
from lake.report import ReconciliationFailed, ValidationReport
from lake.validate import validate
from schemas.contract import CuratedRow
from schemas.formats import Json
from schemas.raw import ContractMode, First, RawRecord, every
from schemas.source import Source
from schemas.types import Id, Name


class TicketRow(CuratedRow):
    """A ticket."""

    table: ClassVar[str] = "tickets"
    key: ClassVar[tuple[str, ...]] = ("ticket_id",)
    ticket_id: Id = Field(description="Id.")
    seat: Name | None = Field(None, description="Seat.")


class RawTicket(RawRecord):
    """A ticket as sent, which new fields make useless."""

    entity: ClassVar[str] = "tickets"
    mode: ClassVar[ContractMode] = "discard_row"
    id: Id

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        if first(TicketRow, self.id):
            yield TicketRow(ticket_id=self.id)


class RawPair(RawTicket):
    """A record that becomes two rows of its own table, which no contract may declare."""

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        for half in (f"{self.id}a", f"{self.id}b"):
            if first(TicketRow, half):
                yield TicketRow(ticket_id=half)


def run(tmp_path: Path, model: type[RawRecord], *records: dict[str, Any]) -> ValidationReport:
    shop = Source("shop", {"tickets": model}, {"tickets": TicketRow}, {"tickets": Json(("data", "tickets"))})
    body = json.dumps({"data": {"tickets": records}}).encode()
    lineage = Lineage("run", datetime(2026, 1, 1, tzinfo=UTC))
    return validate([("s3://lake/p0.json.gz", body)], shop, "tickets", tmp_path, lineage)


def test_a_contract_that_makes_two_rows_of_a_record_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReconciliationFailed, match="shop tickets: 2 records became 4 rows, 0 rejects and 0 duplicates"):
        run(tmp_path, RawPair, {"id": "1"}, {"id": "2"})


def test_reasons_without_end_are_counted_together_and_each_has_its_first_record(tmp_path: Path) -> None:
    report = run(tmp_path, RawTicket, *({"id": str(n), f"key{n}": 1} for n in range(600)))
    assert (report.quarantined_records, len(report.quarantined_by_reason)) == (600, 501)
    assert report.quarantined_by_reason["unknown_field at $.key499"] == 1
    assert report.quarantined_by_reason["any other reason"] == 100
    assert "500" in report.first_quarantined["any other reason"]
    assert set(report.first_quarantined) == set(report.quarantined_by_reason)


def test_what_was_set_aside_before_a_file_proves_unreadable_can_be_read(tmp_path: Path) -> None:
    shop = Source("shop", {"tickets": RawTicket}, {"tickets": TicketRow}, {"tickets": Json(("data", "tickets"))})

    def bodies() -> Iterator[tuple[str, bytes]]:
        yield "s3://lake/p0.json.gz", json.dumps({"data": {"tickets": [{"id": "1", "new": 1}]}}).encode()
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        validate(bodies(), shop, "tickets", tmp_path, Lineage("run", datetime(2026, 1, 1, tzinfo=UTC)))
    (line,) = gzip.decompress((tmp_path / "quarantine" / "0000.jsonl.gz").read_bytes()).splitlines()
    assert json.loads(line)["reason"] == "unknown_field at $.new"
