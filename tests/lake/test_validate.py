"""Every record becomes rows, a duplicate or a line in the quarantine, and the report counts which."""

from __future__ import annotations

import gzip
import json
import tempfile
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake import curated, quarantine
from lake.curated import Lineage
from lake.dedupe import KeyIndex
from lake.quarantine import record_bytes
from lake.report import TooManyRejects
from lake.validate import Body, validate, validate_files
from tests.fixtures.bad_records import HOSTILE_NAMES, RECORDS, BadRecord
from tests.lake.validating import AT, SOURCE, Result, event, page, run


def test_rows_carry_their_lineage(tmp_path: Path) -> None:
    row = run(tmp_path, page(event(1))).rows("events")[0]
    assert row["_run_id"] == "daily-2026-11-20"
    assert row["_ingested_at"] == datetime(2026, 11, 20, 2)  # noqa: DTZ001  UTC without a zone, as stored
    assert row["_source_uri"] == "s3://lake/raw/p0000.json.gz"
    assert len(row["_row_hash"]) == 64


def test_files_have_the_schema_of_the_contract(tmp_path: Path) -> None:
    body = page(event(1, priceRanges=[{"min": 1.5, "max": 2}]))
    for file in run(tmp_path, body).report.files:
        assert pq.read_schema(file.path).remove_metadata().equals(SOURCE.table(file.table).arrow_schema())
        assert pq.read_metadata(file.path).row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize(
    "body",
    [
        page(event(1), event(2)),
        json.dumps([event(1), event(2)]).encode(),
        json.dumps([event(1), event(2)], indent=2).encode(),
        b"\n".join(json.dumps(event(number)).encode() for number in (1, 2)),
        b"\r\n".join(json.dumps(event(number)).encode() for number in (1, 2)) + b"\r\n\r\n",
        b"\xef\xbb\xbf" + page(event(1), event(2)),
        page(event(1)) + b"\n" + page() + b"\n" + page(event(2)) + b"\n",
    ],
    ids=["page", "array", "indented array", "lines", "windows lines", "byte order mark", "lines of pages"],
)
def test_records_come_in_many_wrappings(tmp_path: Path, body: bytes) -> None:
    assert [row["event_id"] for row in run(tmp_path, body).rows("events")] == ["E1", "E2"]


def test_a_record_may_stand_alone(tmp_path: Path) -> None:
    alone = event(1, _embedded={"venues": [{"id": "V1", "type": "venue"}]})
    result = run(tmp_path, json.dumps(alone, indent=1).encode())
    assert result.report.rows["events"] == result.report.rows["venues"] == 1


def test_an_empty_page_has_no_records(tmp_path: Path) -> None:
    result = run(tmp_path, b'{"_links": {}, "page": {"size": 200, "totalElements": 0}}')
    assert result.report.raw_records == 0
    assert result.report.objects == 1


@pytest.mark.parametrize("body", [b'{"fault": {"faultstring": "x"}}', b'{"errors": [{"code": "DIS1035"}]}'])
def test_an_error_of_the_source_is_one_rejected_record(tmp_path: Path, body: bytes) -> None:
    assert run(tmp_path, body).report.quarantined_by_reason == {"error_body at $": 1}


def test_a_bad_body_is_one_rejected_record(tmp_path: Path, bad_body: bytes) -> None:
    result = run(tmp_path, page(event(1)), bad_body, page(event(2)))
    assert result.report.raw_records == 3
    assert result.report.curated_records == 2
    (line,) = result.lines
    assert line["reason"].startswith("malformed_json")
    assert record_bytes(line) == bad_body
    assert line["source_uri"].endswith("p0001.json.gz")


def test_a_bad_record_leaves_its_page_alone(tmp_path: Path, bad_record: BadRecord) -> None:
    text = bad_record.make(json.dumps(event(2)))
    result = run(tmp_path, page(event(1), text, event(3)))
    kept = [row["event_id"] for row in result.rows("events")]
    assert result.report.raw_records == 3
    assert {kept[0], kept[-1]} == {"E1", "E3"}
    if bad_record.verdict != "either":
        assert (len(kept) == 3) == (bad_record.verdict != "quarantined")
        assert set(result.report.discards) == ({"$.name"} if bad_record.verdict == "set_aside" else set())
    for line in result.lines:
        assert record_bytes(line) == text
        assert line["index"] == 1
        assert all(error["path"] and error["type"] and error["message"] for error in line["errors"])
        assert line["contract_version"] == SOURCE.contract_version("events")


def test_bad_records_are_told_apart_in_lines_and_arrays_too(tmp_path: Path) -> None:
    good = json.dumps(event(0))
    for bad in RECORDS:
        text = bad.make(good)
        for body in (
            b"\n".join([good.encode(), text, b'{"id": "E9", "name": "x"}']),
            b"[%s,%s]" % (good.encode(), text),
        ):
            report = run(tmp_path, body).report
            assert report.raw_records == body.count(b"\n") + 1 if body[:1] == b"{" else 2, bad.name


@pytest.mark.parametrize("name", HOSTILE_NAMES.values(), ids=HOSTILE_NAMES)
def test_hostile_text_is_stored_verbatim_but_for_blanks_in_names(tmp_path: Path, name: str) -> None:
    (row,) = run(tmp_path, page(event(1, name=name, info=name))).rows("events")
    assert row["info"] == name
    assert row["name"] == (" ".join(name.split()) or None)


def test_the_first_of_equal_keys_wins_and_the_others_are_counted(tmp_path: Path) -> None:
    result = run(tmp_path, page(event(1, name="first"), event(2)), page(event(1, name="second")))
    assert [row["name"] for row in result.rows("events")] == ["first", "Show 2"]
    assert result.report.duplicate_records == 1


class _Comparing:
    """Contracts that compare what repeats a key."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, most_in_memory: int) -> None:
        monkeypatch.setattr("lake.validate.KeyIndex", partial(KeyIndex, most_in_memory=most_in_memory))
        event = type("RawEvent", (SOURCE.record("events"),), {"repeats": "equal", "__module__": __name__})
        self.source = replace(SOURCE, records={**SOURCE.records, "events": event})

    def run(self, tmp_path: Path, *bodies: Body) -> Result:
        out = Path(tempfile.mkdtemp(dir=tmp_path))
        return Result(validate(bodies, self.source, "events", out, Lineage("daily-2026-11-20", AT)))


@pytest.mark.parametrize("most_in_memory", [1, 3, 1000])
def test_where_it_matters_a_repeat_with_other_content_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_in_memory: int
) -> None:
    """Wherever the first one is remembered, and though the venue that they share is written but once."""
    venue = {"_embedded": {"venues": [{"id": "V1", "name": "Hall"}]}}
    first = [event(number, **venue) for number in range(8)]
    again = [first[0], event(3, **venue) | {"name": "another"}, first[5] | {"_embedded": {"venues": [{"id": "V2"}]}}]
    comparing = _Comparing(monkeypatch, most_in_memory)
    result = comparing.run(tmp_path, Body("s3://lake/p0", page(*first)), Body("s3://lake/p1", page(*again)))

    report = result.report
    assert (report.raw_records, report.curated_records, report.duplicate_records) == (11, 8, 1)
    assert [row["name"] for row in result.rows("events")] == [f"Show {number}" for number in range(8)]
    assert [row["venue_id"] for row in result.rows("venues")] == ["V1"]
    assert [(line["source_uri"], line["index"], line["reason"]) for line in result.lines] == [
        ("s3://lake/p1", 1, "other_content at events.event_id"),
        ("s3://lake/p1", 2, "other_content at events.event_id"),
    ]
    assert result.lines[0]["errors"][0]["message"].startswith(
        "the record of E3 in record 3 of s3://lake/p0, which was kept, has different content"
    )


def test_a_line_that_is_an_error_or_broken_leaves_the_other_lines_alone(tmp_path: Path) -> None:
    error, broken = b'{"fault": {"faultstring": "x"}}', b'{"_embedded": {"events": [{"id": "E9", "na'
    result = run(tmp_path, b"\n".join([page(event(1)), error, broken, page(event(2), event(3))]))
    assert [row["event_id"] for row in result.rows("events")] == ["E1", "E2", "E3"]
    assert [record_bytes(line) for line in result.lines] == [error, broken]


def test_a_venue_is_written_once_however_often_it_comes(tmp_path: Path) -> None:
    venue = {"id": "V1", "type": "venue", "name": "Hall", "markets": [{"id": "7"}], "dmas": [{"id": 200}]}
    report = run(tmp_path, *[page(event(n, _embedded={"venues": [venue]})) for n in range(5)]).report
    assert (report.rows["venues"], report.rows["venue_markets"], report.rows["venue_dmas"]) == (1, 1, 1)
    assert (report.rows["markets"], report.rows["event_venues"]) == (1, 5)


def test_a_venue_without_id_is_left_out_alone(tmp_path: Path) -> None:
    venues = [{"id": "V1"}, {"name": "nameless", "markets": [{"id": "7"}]}, None, {"id": "V2"}]
    result = run(tmp_path, page(event(1, _embedded={"venues": venues}), event(2)))
    assert [row["event_id"] for row in result.rows("events")] == ["E1", "E2"]
    assert [row["venue_id"] for row in result.rows("venues")] == ["V1", "V2"]
    assert [(row["venue_id"], row["position"]) for row in result.rows("event_venues")] == [("V1", 0), ("V2", 1)]
    assert (result.report.rows["markets"], result.report.quarantined_records) == (0, 0)
    assert {path: seen.count for path, seen in result.report.discards.items()} == {"$._embedded.venues[]": 1}


def test_a_value_that_its_column_refuses_is_null_and_all_else_of_the_record_stays(tmp_path: Path) -> None:
    odd = {"id": "V2", "name": "Hall", "country": {"countryCode": "Atlantis", "name": "Atlantis"}}
    both = [{"id": "V1"}, odd]
    result = run(tmp_path, page(event(1, _embedded={"venues": both}), event(2, _embedded={"venues": both})))
    rows = [(row["venue_id"], row["country_code"], row["country_name"]) for row in result.rows("venues")]
    assert rows == [("V1", None, None), ("V2", None, "Atlantis")]
    assert result.report.rows["event_venues"] == 4
    assert result.report.discards.keys() == {"venues.country_code"}


def test_what_came_with_a_rejected_record_can_still_come_with_the_next(tmp_path: Path) -> None:
    venue = {"id": "V1", "name": "Hall"}
    bad_country = {"id": "V2", "country": {"countryCode": "Atlantis"}}
    body = page(event(1, _embedded={"venues": [venue, bad_country]}), event(2, _embedded={"venues": [venue]}))
    strict = type("RawEvent", (SOURCE.record("events"),), {"mode": "evolve", "__module__": __name__})
    source = replace(SOURCE, records={**SOURCE.records, "events": strict})
    result = Result(validate([("s3://lake/p0", body)], source, "events", tmp_path, Lineage("daily-2026-11-20", AT)))
    assert result.lines[0]["errors"][0]["path"] == "venues.country_code"
    assert [row["venue_id"] for row in result.rows("venues")] == ["V1"]
    assert result.report.curated_records == 1


def test_unknown_fields_are_reported_with_their_path_and_first_place(tmp_path: Path) -> None:
    strange = event(
        2, brandNew=1, dates={"start": {"moonPhase": "full"}}, _embedded={"venues": [{"id": "V", "x y": 1}]}
    )
    report = run(tmp_path, page(event(1)), page(event(3), strange, strange | {"id": "E4"})).report
    assert {path: seen.count for path, seen in report.unknown_fields.items()} == {
        "$.brandNew": 2,
        "$.dates.start.moonPhase": 2,
        '$._embedded.venues[]["x y"]': 2,
    }
    seen = report.unknown_fields["$.brandNew"]
    assert (seen.example_uri, seen.example_index) == ("s3://lake/raw/p0001.json.gz", 1)


def test_unknown_fields_without_end_are_counted_together(tmp_path: Path) -> None:
    report = run(tmp_path, page(*[event(n, **{f"key{n}": 1}) for n in range(600)])).report
    assert len(report.unknown_fields) == 501
    assert report.unknown_fields["$.*"].count == 100


def test_too_many_rejects_say_what_where_and_what_was_kept(tmp_path: Path) -> None:
    report = run(tmp_path, page(*[event(n) for n in range(10)], {"type": "event"})).report
    with pytest.raises(TooManyRejects, match=r"1 of 11 records \(9.1%\).*missing at \$.id.*10 valid ones") as caught:
        report.check()
    assert caught.value.report is report


def test_few_rejects_are_accepted(tmp_path: Path) -> None:
    report = run(tmp_path, page(*[event(n) for n in range(99)], {"type": "event"})).report
    report.check()
    assert (report.curated_records, report.quarantined_records) == (99, 1)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    bodies = [page(*[event(n, odd=n) for n in range(k, k + 30)], b'{"bad": 1}') for k in (0, 20)]
    first, second = run(tmp_path, *bodies).report, run(tmp_path, *bodies).report
    for a, b in zip(first.files + first.quarantine_files, second.files + second.quarantine_files, strict=True):
        assert a.path.read_bytes() == b.path.read_bytes()


def test_files_are_rolled_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curated, "ROWS_A_BATCH", 10)
    monkeypatch.setattr(curated, "BYTES_A_ROW_GROUP", 2_000)
    monkeypatch.setattr(curated.TableWriter.__init__, "__defaults__", (20_000,))
    monkeypatch.setattr(quarantine.QuarantineWriter.__init__, "__defaults__", (500,))
    result = run(tmp_path, page(*[event(n) for n in range(300)], *[{"n": n} for n in range(9)]))
    files = [file for file in result.report.files if file.table == "events"]
    assert len(files) > 1
    assert [file.part for file in files] == list(range(len(files)))
    assert [row["event_id"] for row in result.rows("events")] == [f"E{n}" for n in range(300)]
    assert len(result.report.quarantine_files) > 1
    assert [line["index"] for line in result.lines] == list(range(300, 309))


@pytest.mark.parametrize("images", [None, "x", 1, [], [1, "a", None], [{"url": "u"}, [3]], {"a": []}], ids=str)
def test_what_is_known_and_not_used_may_be_anything(tmp_path: Path, images: Any) -> None:
    result = run(tmp_path, page(event(1, images=images)))
    assert result.report.curated_records == 1
    assert result.report.drift == {}


def test_json_lines_of_any_size_are_read_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.validate._BYTES_A_PART", 100)
    lines = [json.dumps(event(n)) for n in range(20)]
    lines[13] = "{broken"
    path = tmp_path / "events.ndjson"
    path.write_text("\n".join(lines))
    report = validate_files("ticketmaster", "events", [path])
    assert (report.raw_records, report.curated_records, report.objects) == (20, 19, 1)


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "page.json.gz"
    path.write_bytes(gzip.compress(page(event(1))))
    assert validate_files("ticketmaster", "events", [path]).curated_records == 1


def test_the_report_is_json(tmp_path: Path) -> None:
    content = json.loads(json.dumps(run(tmp_path, page(event(1, new=1), {"no": 1})).report.as_dict()))
    assert content["raw_records"] == 2
    assert content["rows"]["events"] == 1
    assert content["drift"]["new field"]["$.new"]["count"] == 1
    assert content["is_balanced"] is True


@pytest.mark.parametrize("entity", SOURCE.entities)
def test_every_table_has_an_arrow_schema(entity: str) -> None:
    assert isinstance(SOURCE.table(entity).arrow_schema(), pa.Schema)
