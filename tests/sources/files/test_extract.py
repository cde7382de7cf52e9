"""Files from anywhere are landed as they are, once, and only when they changed."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import sys
import tempfile
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lake.curated import Lineage
from lake.landing import RawDataChanged, RawLanding
from lake.layout import RunId
from lake.store import Lake
from lake.validate import Body, validate
from schemas.formats import Delimited, Json
from sources.files import (
    EmptyFile,
    Limits,
    TooLarge,
    extract,
    progress,
)
from tests.fixtures.landing import KilledError, MemoryLanding
from tests.fixtures.sales import COLUMNS, shop
from tests.sources.files.files import SMALL, TEXT, Nowhere, OneFile, land, landed, many, sales


def test_a_file_is_landed_in_parts_that_are_the_file(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    extracted = land(landing, tmp_path)
    names = landing.names("sales")
    assert landed(landing) == TEXT
    assert len(names) > 10
    assert all(landing.objects[name].endswith(b"\n") for name in names)
    assert sum(landing.records[name] or 0 for name in names) == 1000
    assert {landing.requests[name]["file"] for name in names} == {str(tmp_path / "sales.txt")}
    (file,) = extracted.files
    assert (file.size, file.records, file.parts, file.encoding) == (len(TEXT), 1000, len(names), "utf-8")
    (counts,) = landing.slices
    assert (counts.reported, counts.fetched, counts.residual) == (1000, 1000, 0)


def test_files_of_one_name_pattern_are_one_entity(landing: MemoryLanding, tmp_path: Path) -> None:
    for name, text in {"s-2.txt": b"2||\n", "s-1.txt": b"1||\n", "t.txt": b"3||\n"}.items():
        (tmp_path / name).write_bytes(text)
    extracted = land(landing, tmp_path, "s-*.txt")
    assert landed(landing) == b"1||\n2||\n"
    assert [file.uri.rpartition("/")[2] for file in extracted.files] == ["s-1.txt", "s-2.txt"]


def test_a_file_over_the_limit_is_refused(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    with pytest.raises(TooLarge, match="larger than 100 bytes"):
        land(landing, tmp_path, limits=Limits(bytes=100))


def test_a_limit_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="part_bytes is 0"):
        Limits(part_bytes=0)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_many_files_take_few_descriptors(tmp_path: Path) -> None:
    class Counting(MemoryLanding):
        most = 0

        def land(self, name: str, body: bytes, **rest: Any) -> None:
            self.most = max(self.most, open_files())
            super().land(name, body, **rest)

    many(tmp_path, 200)
    landing, before = Counting(), open_files()
    extracted = land(landing, tmp_path, "s-*.txt")
    assert landed(landing) == b"".join(b"%d||\n" % number for number in range(200))
    assert sum(file.records or 0 for file in extracted.files) == 200
    assert landing.most <= before + 3


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(files=9), r"more than 9 files s-\*\.txt"), (Limits(total_bytes=39), "larger than 39 bytes together")],
)
def test_more_files_than_allowed_are_refused_before_any_is_landed(
    landing: MemoryLanding, tmp_path: Path, limits: Limits, words: str
) -> None:
    many(tmp_path, 10)
    with pytest.raises(TooLarge, match=words) as caught:
        land(landing, tmp_path, "s-*.txt", limits=limits)
    assert str(tmp_path) in str(caught.value)
    assert not landing.objects
    land(landing, tmp_path, "s-*.txt", limits=Limits(files=10, total_bytes=40))


def test_parts_beyond_those_that_names_keep_in_order_are_refused(
    landing: MemoryLanding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    monkeypatch.setattr(sys.modules["sources.files.extract"], "_LAST_PART", 5)
    with pytest.raises(TooLarge, match="more than 6 parts"):
        land(landing, tmp_path)


def test_a_disk_that_is_full_is_told(landing: MemoryLanding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
        with pytest.raises(TooLarge, match="TMPDIR"):
            land(landing, tmp_path)


# --- the summary ------------------------------------------------------------------------------------------------------
def test_what_became_of_the_files_is_json_for_the_manifest(landing: MemoryLanding, tmp_path: Path) -> None:
    many(tmp_path, 2)
    extracted = land(landing, tmp_path, "s-*.txt")
    summary = extracted.as_dict()
    assert json.loads(json.dumps(summary)) == summary
    shas = [hashlib.sha256(text).hexdigest() for text in (b"0||\n", b"1||\n")]
    assert summary == {
        "entity": "sales",
        "digest": extracted.digest,
        "is_unchanged": False,
        "files": [
            {
                "uri": str(tmp_path / f"s-000{number}.txt"),
                "sha256": sha,
                "size": 4,
                "encoding": "utf-8",
                "parts": 1,
                "records": 1,
                "ending": {"has_line_end": True, "is_whole": True},
            }
            for number, sha in enumerate(shas)
        ],
    }
    again = land(landing, tmp_path, "s-*.txt", earlier={"sales": extracted}).as_dict()
    assert again["is_unchanged"]
    assert [(file["sha256"], file["parts"], file["records"]) for file in again["files"]] == [
        (sha, 0, None) for sha in shas
    ]


def test_every_file_is_told_in_the_log(
    landing: MemoryLanding, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "sales.txt").write_bytes(TEXT)
    file = tmp_path / "sales.txt"
    extracted = land(landing, tmp_path)
    parts = extracted.files[0].parts
    land(landing, tmp_path, earlier={"sales": extracted})
    assert caplog.messages == [
        f"sales: {file} ({len(TEXT):,} bytes) is landed: 1,000 records in {parts} parts",
        f"sales: {file} ({len(TEXT):,} bytes) did not change",
    ]
    caplog.clear()
    monkeypatch.setattr(progress, "EVERY_S", -1.0)
    land(landing, tmp_path)
    assert caplog.messages[0] == f"copying {file}: {len(TEXT):,} bytes so far"
    assert sum(message.startswith(f"sales: landing {file}: ") for message in caplog.messages) == parts


# --- again ------------------------------------------------------------------------------------------------------------
def test_what_did_not_change_is_not_landed_again(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    first = land(landing, tmp_path)
    later = MemoryLanding()
    second = land(later, tmp_path, earlier={"sales": first})
    assert (second.is_unchanged, second.digest, later.objects) == (True, first.digest, {})
    (tmp_path / "sales.txt").write_bytes(TEXT.replace(b"9.50", b"9.51", 1))
    third = land(later, tmp_path, earlier={"sales": first})
    assert not third.is_unchanged
    assert landed(later) == TEXT.replace(b"9.50", b"9.51", 1)


@pytest.mark.parametrize("changes", [False, True])
def test_a_landing_that_was_killed_is_resumed(landing: MemoryLanding, tmp_path: Path, changes: bool) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    landing.dies_at = 7
    with pytest.raises(KilledError):
        land(landing, tmp_path)
    landing.next_attempt()
    before, landing.landed = set(landing.names("sales")), 0
    text = TEXT.replace(b"9.50", b"9.51", 1) if changes else TEXT
    (tmp_path / "sales.txt").write_bytes(text)
    extracted = land(landing, tmp_path)
    names = set(landing.names("sales"))
    assert landed(landing) == text
    assert landing.landed == extracted.files[0].parts - (0 if changes else 6)
    assert before.isdisjoint(names) if changes else before < names


def test_the_manifest_lists_the_file_that_was_found_last(lake: Lake, tmp_path: Path) -> None:
    def attempt(number: int) -> RawLanding:
        raw = RawLanding(lake, "shop", RunId("shop_load", date(2026, 1, 1)), ["sales"])
        (tmp_path / "sales.txt").write_bytes(b"%d||\n" % number * 900)
        extract(raw, sales(), str(tmp_path), limits=SMALL)
        return raw

    attempt(1)
    manifest = attempt(2).finish()["sales"]
    assert manifest.records == 900
    assert len({raw.name.split("-")[-2] for raw in manifest.objects}) == 1
    assert {raw.file for raw in manifest.objects} == {str(tmp_path / "sales.txt")}
    assert len(list(lake.list("raw/"))) > len(manifest.objects)  # what was landed first is left where it is


def test_parts_of_other_bytes_under_one_name_are_an_error(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    raw = RawLanding(lake, "shop", RunId("shop_load", date(2026, 1, 1)), ["sales"])
    extract(raw, sales(), str(tmp_path), limits=SMALL)
    with pytest.raises(RawDataChanged):
        extract(raw, sales(), str(tmp_path), limits=Limits(part_bytes=2000))


def test_a_file_without_records_is_an_accident_unless_said_otherwise(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(b"\r\n")
    with pytest.raises(EmptyFile, match=r"sales\.txt"):
        land(landing, tmp_path)
    extract(landing, sales(may_be_empty=True), str(tmp_path))
    assert landed(landing) == b"\r\n"


def test_a_document_is_one_object(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(b'[\n{"id": 1},\n{"id": 2}\n]')
    (extracted,) = extract(landing, sales(form=Json()), str(tmp_path), limits=SMALL)
    assert (len(landing.objects), extracted.files[0].records, landing.slices) == (1, None, [])


def test_a_name_is_made_safe_for_the_lake(lake: Lake, tmp_path: Path) -> None:
    name = "..Umsätze (2008) ..v2/.txt".replace("/", "_")
    (tmp_path / name).write_bytes(TEXT)
    raw = RawLanding(lake, "shop", RunId("shop_load", date(2026, 1, 1)), ["sales"])
    extract(raw, sales("*"), str(tmp_path))
    assert [raw_object.name.rsplit("-", 2)[0] for raw_object in raw.finish()["sales"].objects] == [
        "sales/Ums-tze-2008-v2_.txt"
    ]


def test_memory_does_not_grow_with_the_file() -> None:
    peaks = []
    for megabytes in (12, 30):
        landing = Nowhere()
        tracemalloc.start()
        extract(landing, sales(), "s3://b/x", bucket=OneFile(megabytes), limits=Limits(part_bytes=2**18))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert landing.landed == len(TEXT) * 44 * megabytes
    assert peaks[1] < peaks[0] * 1.05


def test_parts_are_validated_as_the_file_that_they_are(landing: MemoryLanding, tmp_path: Path) -> None:
    """Only the first part has the header, and line numbers continue."""
    lines = [b"price,id,buyer", *(b'1.5,%d,"b\n%d"' % (number, number) for number in range(300)), b"x,300,y"]
    (tmp_path / "sales.txt").write_bytes(b"\n".join(lines))
    form = Delimited(COLUMNS, header=True)
    extract(landing, sales(form=form), str(tmp_path), limits=SMALL)
    bodies = [Body(name, landing.objects[name], landing.requests[name]["file"]) for name in landing.names("sales")]
    out = tmp_path / "out"
    report = validate(bodies, shop(form), "sales", out, Lineage("run", datetime(2026, 1, 1, tzinfo=UTC)))
    assert (report.objects, report.curated_records, report.quarantined_records) == (len(bodies), 300, 1)
    assert len(bodies) > 3
    text = gzip.decompress(report.quarantine_files[0].path.read_bytes()).decode()
    assert '"line": 602' in text
    assert f'"file": "{tmp_path / "sales.txt"}"' in text
