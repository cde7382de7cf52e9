"""After a contract was fixed, replay reports which quarantined records pass, and loads them once from raw."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pyarrow.parquet as pq
import pytest
from pydantic import BeforeValidator

from lake.curate import curate
from lake.landing import RawLanding
from lake.layout import RunId
from lake.manifests import CuratedManifest
from lake.replay import NotValidated, Replay, replay
from lake.report import ContractViolation, TooManyRejects
from lake.store import CorruptObject, Lake
from schemas.formats import Delimited
from schemas.ticketmaster import SOURCE
from sources.files import EntityFiles, Limits, extract
from tests.fixtures.bad_records import BODIES, RECORDS
from tests.fixtures.mended_contract import MENDED, MendedEvent
from tests.fixtures.sales import COLUMNS, RawSale, shop

PIPELINE = "ticketmaster_daily"
DAY = date(2026, 11, 20)
RUN = RunId(PIPELINE, DAY)


def event(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": f"E{number:03}", "type": "event", "name": f"Show {number}", "dates": {}, **changes}


GOOD = [event(number) for number in range(60)]
LISTED = event(100, id=["E100"])
NAMELESS = {"type": "event", "name": "no id"}


@pytest.fixture
def mend(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Fixes the contract: an event's id may come in a list."""
    return lambda: monkeypatch.setattr("schemas.ticketmaster.SOURCE", MENDED)


def page(*records: Any) -> bytes:
    texts = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    return b'{"_embedded": {"events": [%s]}, "page": {}}' % b", ".join(texts)


def land(lake: Lake, *bodies: bytes, run: RunId = RUN) -> None:
    landing = RawLanding(lake, "ticketmaster", run, SOURCE.entities)
    for number, body in enumerate(bodies):
        landing.land(f"events/p{number}.json.gz", body, records=None, request={})
    landing.finish()


def validate(lake: Lake, run: RunId = RUN) -> CuratedManifest:
    """The day's validation; the manifest of the events."""
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    manifests = {entity: curate(lake, "ticketmaster", entity, run, now=lambda: now) for entity in SOURCE.entities}
    return manifests["events"]


def events(lake: Lake) -> Replay:
    results = replay(lake, "ticketmaster", PIPELINE, DAY)
    assert [result.entity for result in results] == list(SOURCE.entities)
    return results[0]


def names(lake: Lake, manifest: CuratedManifest) -> dict[str, str]:
    files = (io.BytesIO(lake.get(file.key)) for file in manifest.files_of("events"))
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    assert len(rows) == manifest.curated_records
    return {row["event_id"]: row["name"] for row in rows}


def objects(lake: Lake) -> dict[str, bytes]:
    return {stored_object.key: lake.get(stored_object.key) for stored_object in lake.list("")}


def test_nothing_passes_before_the_contract_is_mended(lake: Lake) -> None:
    land(lake, page(*GOOD, LISTED, NAMELESS))
    validate(lake)
    reasons = {"string_type at $.id": 1, "missing at $.id": 1}
    assert events(lake) == Replay("events", quarantined=2, passing=0, duplicates=0, failing=reasons)


def test_what_passes_after_it_was_mended_is_loaded_once(lake: Lake, mend: Callable[[], None]) -> None:
    land(lake, page(*GOOD, LISTED, NAMELESS))
    before = validate(lake)
    mend()
    assert events(lake) == Replay("events", quarantined=2, passing=1, duplicates=0, failing={"missing at $.id": 1})
    after = validate(lake)
    assert (before.curated_records, after.curated_records, after.quarantined_records) == (60, 61, 1)
    assert names(lake, after)["E100"] == "Show 100"
    assert events(lake) == Replay("events", quarantined=1, passing=0, duplicates=0, failing={"missing at $.id": 1})
    assert validate(lake) == after


def test_looking_writes_nothing(lake: Lake, mend: Callable[[], None]) -> None:
    land(lake, page(*GOOD, LISTED))
    validate(lake)
    mend()
    before = objects(lake)
    assert events(lake).passing == 1
    assert objects(lake) == before


def test_a_day_that_failed_by_its_rejects_is_replayed_too(lake: Lake, mend: Callable[[], None]) -> None:
    land(lake, page(GOOD[0], *[event(number, id=[f"E{number}"]) for number in range(100, 109)]))
    with pytest.raises(TooManyRejects):
        validate(lake)
    mend()
    (failed,) = replay(lake, "ticketmaster", PIPELINE, DAY)  # the other entities were not validated
    assert (failed.entity, failed.passing) == ("events", 9)
    assert validate(lake).curated_records == 10


def test_a_record_rejected_twice_is_one_row(lake: Lake, mend: Callable[[], None]) -> None:
    land(lake, page(*GOOD, LISTED), page(LISTED))
    validate(lake)
    mend()
    assert events(lake) == Replay("events", quarantined=2, passing=1, duplicates=1, failing={})
    after = validate(lake)
    assert (after.curated_records, after.duplicate_records, after.quarantined_records) == (61, 1, 0)


def test_the_newest_observation_counts(lake: Lake, mend: Callable[[], None]) -> None:
    land(lake, page(*GOOD, LISTED))
    validate(lake)
    second = RunId(PIPELINE, DAY, 2)
    land(lake, page(*GOOD), run=second)
    with pytest.raises(NotValidated, match=f"was not validated for run {second}: trigger {PIPELINE}"):
        events(lake)
    validate(lake, second)
    mend()
    assert events(lake).quarantined == 0


def test_every_bad_record_and_body_fails_again_for_the_same_reason(lake: Lake) -> None:
    bad = [record.make(json.dumps(event(number))) for number, record in enumerate(RECORDS)]
    error = b'{"fault": {"faultstring": "x"}}'
    land(lake, page(*[event(number) for number in range(1000, 2000)]), *map(page, bad), *BODIES.values(), error)
    manifest = validate(lake)
    assert manifest.quarantined_records > 20
    result = events(lake)
    assert (result.passing, result.duplicates) == (0, 0)
    assert result.failing == manifest.report["quarantined_by_reason"]


def test_a_frozen_contract_that_is_still_broken_is_told(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    land(lake, page(*GOOD, LISTED))
    validate(lake)
    frozen = type("RawEvent", (SOURCE.record("events"),), {"mode": "freeze", "__module__": __name__})
    records = {**SOURCE.records, "events": frozen}
    monkeypatch.setattr("schemas.ticketmaster.SOURCE", replace(SOURCE, records=records))
    with pytest.raises(ContractViolation, match=r"\$\.id has another type"):
        events(lake)


def test_a_day_that_was_not_observed_or_not_validated_says_so(lake: Lake) -> None:
    with pytest.raises(NotValidated, match="no finished raw data of ticketmaster of 2026-11-20"):
        events(lake)
    land(lake, page(*GOOD))
    with pytest.raises(NotValidated, match="it resumes"):
        events(lake)


@pytest.mark.parametrize(
    "damage",
    [None, b"not gzip", gzip.compress(b"{}\n"), gzip.compress(b"x" * 50)[:-9]],
    ids=["gone", "not gzip", "not a record", "cut off"],
)
def test_a_damaged_quarantine_is_named(lake: Lake, damage: bytes | None) -> None:
    land(lake, page(*GOOD, LISTED))
    (key,) = validate(lake).quarantine
    lake.delete([key]) if damage is None else lake.put(key, damage)
    with pytest.raises(CorruptObject, match=r"0000.jsonl.gz is missing or not a quarantine file .*rebuild 2026-11-20"):
        events(lake)


def test_the_mended_contract_has_another_version() -> None:
    assert MENDED.contract_version("events") != SOURCE.contract_version("events")
    assert MendedEvent.entity == "events"


CSV = Delimited(COLUMNS, ";", header=True)


class MendedSale(RawSale):
    """Knows that some write a price with a comma."""

    price: Annotated[Decimal | None, BeforeValidator(lambda text: text and text.replace(",", "."))] = None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_lines_of_a_file_are_replayed_below_their_header(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str
) -> None:
    lines = ["price;id;buyer", *(f"1.50;{n};Zoë" for n in range(30)), "2,50;30;Zoë", "x;31;Zoë", "2.50;32", ""]
    (tmp_path / "sales.csv").write_bytes("\r\n".join(lines).encode(encoding))
    form = replace(CSV, encoding=encoding)
    landing = RawLanding(lake, "shop", RunId("shop_load", DAY), ["sales"])
    extract(
        landing, [EntityFiles("sales", "sales.csv", form)], str(tmp_path), limits=Limits(part_bytes=100, settle_s=0)
    )
    landing.finish()

    def with_contract(model: type[RawSale]) -> None:
        for module in ("curate", "replay"):
            monkeypatch.setattr(f"lake.{module}.get_source", lambda name: shop(form, model))

    with_contract(RawSale)
    manifest = curate(lake, "shop", "sales", RunId("shop_load", DAY))
    kept = [json.loads(line) for key in manifest.quarantine for line in gzip.decompress(lake.get(key)).splitlines()]
    assert [(line["line"], line["reason"]) for line in kept] == [
        (32, "decimal_parsing at $.price"),
        (33, "decimal_parsing at $.price"),
        (34, "too_few_columns at $"),
    ]
    assert {line["file"] for line in kept} == {str(tmp_path / "sales.csv")}
    with_contract(MendedSale)
    (result,) = replay(lake, "shop", "shop_load", DAY)
    failing = {"decimal_parsing at $.price": 1, "too_few_columns at $": 1}
    assert result == Replay("sales", quarantined=3, passing=1, duplicates=0, failing=failing)


class ComparedSale(RawSale):
    """Compares what repeats a sale."""

    repeats = "equal"


def test_a_record_that_contradicts_a_kept_one_does_not_pass_for_being_looked_at_alone(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sales.csv").write_text("id;buyer;price\n1;Zoe;7.28\n1;Zoe;9.99\n2;Zoe;x\n")
    landing = RawLanding(lake, "shop", RunId("shop_load", DAY), ["sales"])
    extract(landing, [EntityFiles("sales", "sales.csv", CSV)], str(tmp_path), limits=Limits(settle_s=0))
    landing.finish()
    for module in ("curate", "replay"):
        monkeypatch.setattr(f"lake.{module}.get_source", lambda name: shop(CSV, ComparedSale))
    manifest = curate(lake, "shop", "sales", RunId("shop_load", DAY))
    (kept, _) = [
        json.loads(line) for key in manifest.quarantine for line in gzip.decompress(lake.get(key)).splitlines()
    ]
    message = kept["errors"][0]["message"]
    assert message.startswith(f"the record of 1 in line 2 of {tmp_path / 'sales.csv'}, which was kept, has different")

    (result,) = replay(lake, "shop", "shop_load", DAY)
    failing = {"other_content at sales.sale_id": 1, "decimal_parsing at $.price": 1}
    assert result == Replay("sales", quarantined=2, passing=0, duplicates=0, failing=failing)

    monkeypatch.setattr("lake.replay.get_source", lambda name: shop(CSV))
    (mended,) = replay(lake, "shop", "shop_load", DAY)
    assert (mended.passing, mended.failing) == (1, {"decimal_parsing at $.price": 1})
