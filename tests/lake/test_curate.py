"""Raw becomes curated: files first, the manifest last, no stale files, and no work done twice."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet as pq
import pytest

from aws_services.errors import NotFound
from lake.curate import RawIsUnfinished, curate
from lake.landing import RawDataChanged, RawLanding
from lake.layout import RunId
from lake.manifests import CuratedManifest
from lake.report import TooManyRejects
from lake.store import Lake

DAY = date(2026, 11, 20)
RUN = RunId("ticketmaster_daily", DAY)
LANDED = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PARTITION = "ingest_date=2026-11-20"
MANIFEST = f"curated/ticketmaster/events/{PARTITION}/_manifest.json"


def event(number: int, **more: Any) -> dict[str, Any]:
    venue = {"id": f"V{number % 3}", "name": f"Hall {number % 3}", "type": "venue"}
    dates = {"start": {"localDate": "2026-12-01"}}
    return {
        "id": f"E{number:03}",
        "type": "event",
        "name": "Show",
        "dates": dates,
        "_embedded": {"venues": [venue]},
    } | more


def page(events: Iterable[dict[str, Any]]) -> bytes:
    return json.dumps({"_embedded": {"events": list(events)}, "page": {"number": 0}}).encode()


def land(lake: Lake, bodies: dict[str, bytes], run: RunId = RUN, *, finish: bool = True) -> None:
    landing = RawLanding(lake, "ticketmaster", run, ["events"], now=lambda: LANDED)
    for name, body in bodies.items():
        landing.land(f"events/{name}.json.gz", body, records=None, request={})
    if finish:
        landing.finish()


def curated(lake: Lake, run: RunId = RUN) -> CuratedManifest:
    return curate(lake, "ticketmaster", "events", run, now=lambda: LATER)


def rows(lake: Lake, manifest: CuratedManifest, table: str) -> list[dict[str, Any]]:
    files = (io.BytesIO(lake.get(file.key)) for file in manifest.files_of(table))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def keys(lake: Lake, prefix: str = "") -> set[str]:
    return {stored_object.key for stored_object in lake.list(prefix)}


def writes(lake: Lake) -> list[str]:
    """Keys put or deleted from now on, in order."""
    seen: list[str] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        for key in (
            [params["Key"]] if "Key" in params else [deletion["Key"] for deletion in params["Delete"]["Objects"]]
        ):
            seen.append(f"{model.name} {key}")

    for operation in ("PutObject", "DeleteObjects"):
        lake.s3._client.meta.events.register(f"before-parameter-build.s3.{operation}", note)
    return seen


def test_every_record_is_a_row_a_reject_or_a_duplicate(lake: Lake) -> None:
    events = [event(number) for number in range(60)]
    land(lake, {"p0": page([*events[:30], {"type": "event", "name": "no id"}]), "p1": page(events[20:])})
    manifest = curated(lake)
    assert (manifest.raw_records, manifest.curated_records) == (71, 60)
    assert (manifest.quarantined_records, manifest.duplicate_records) == (1, 10)
    assert [row["event_id"] for row in rows(lake, manifest, "events")] == [record["id"] for record in events]
    assert manifest.tables["venues"] == len(rows(lake, manifest, "venues")) == 3
    assert manifest.tables["event_presales"] == 0


def test_rows_say_where_they_come_from(lake: Lake) -> None:
    land(lake, {"p0": page([event(1)])})
    row = rows(lake, curated(lake), "events")[0]
    assert row["_run_id"] == str(RUN)
    assert row["_ingested_at"] == LANDED.replace(tzinfo=None)
    assert row["_source_uri"] == f"s3://lake/raw/ticketmaster/events/{PARTITION}/run_id={RUN}/p0.json.gz"


def test_rejected_records_are_kept_whole(lake: Lake) -> None:
    reject = {"type": "event", "name": "no id ☃", "dates": {}}
    land(lake, {"p0": page([*map(event, range(30)), reject])})
    manifest = curated(lake)
    [key] = manifest.quarantine
    assert key == f"quarantine/ticketmaster/events/{PARTITION}/run_id={RUN}/0000.jsonl.gz"
    [line] = gzip.decompress(lake.get(key)).splitlines()
    assert json.loads(json.loads(line)["record"]) == reject


def test_the_manifest_lists_what_is_there(lake: Lake) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    manifest = curated(lake)
    assert CuratedManifest.read(lake, "ticketmaster", "events", DAY) == manifest
    assert {file.key for file in manifest.files} | {MANIFEST} == keys(lake, "curated/")
    for file in manifest.files:
        body = lake.get(file.key)
        assert (file.size, file.rows) == (len(body), pq.read_metadata(io.BytesIO(body)).num_rows)
    assert sum(file.rows for file in manifest.files_of("events")) == manifest.rows_of("events") == 5


def test_the_manifest_is_written_after_all_files(lake: Lake) -> None:
    land(lake, {"p0": page([*map(event, range(30)), {"type": "event"}])})
    seen = writes(lake)
    curated(lake)
    assert seen[-1] == f"PutObject {MANIFEST}"
    assert any("quarantine/" in key for key in seen[:-1])


def test_a_second_time_writes_nothing(lake: Lake) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    first, seen = curated(lake), writes(lake)
    assert curated(lake) == first
    assert seen == []


def test_anew_it_is_done_again_and_gives_the_same_bytes(lake: Lake) -> None:
    land(lake, {"p0": page([*map(event, range(30)), {"type": "event"}])})
    first = curated(lake)
    before, seen = {key: lake.get(key) for key in keys(lake)}, writes(lake)
    assert curate(lake, "ticketmaster", "events", RUN, rebuild=True, now=lambda: LATER) == first
    assert seen[-1] == f"PutObject {MANIFEST}"
    assert {key: lake.get(key) for key in keys(lake)} == before


def test_doing_it_again_from_nothing_gives_the_same_bytes(lake: Lake) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    first = curated(lake)
    before = {key: lake.get(key) for key in keys(lake, "curated/")}
    lake.delete(before)
    assert curated(lake) == first
    assert {key: lake.get(key) for key in keys(lake, "curated/")} == before


def test_a_changed_contract_does_it_again(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    curated(lake)
    monkeypatch.setattr("schemas.source.Source.contract_version", lambda *_: "0123456789ab")
    seen = writes(lake)
    assert curated(lake).contract_version == "0123456789ab"
    # the old manifest must not remain next to new files of the same names
    assert seen[0] == f"DeleteObjects {MANIFEST}"
    assert seen[-1] == f"PutObject {MANIFEST}"


def test_what_a_released_contract_validated_is_left_as_it_is(lake: Lake) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    released = replace(curated(lake), contract_version="757e1fd90534")  # when comments counted
    released.write(lake)
    seen = writes(lake)
    assert curated(lake) == released
    assert seen == []


def test_a_lost_file_is_made_again(lake: Lake) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    manifest = curated(lake)
    lake.delete([manifest.files[0].key])
    assert curated(lake) == manifest
    assert lake.exists(manifest.files[0].key)


def test_the_newest_observation_supersedes_the_one_before(lake: Lake) -> None:
    second = RunId(RUN.pipeline, DAY, 2)
    land(lake, {"p0": page(map(event, range(5)))})
    first = curated(lake)
    land(lake, {"p0": page(map(event, range(7)))}, second)
    manifest = curated(lake, second)
    assert manifest.run_id == str(second)
    assert len(rows(lake, manifest, "events")) == 7
    assert keys(lake, "curated/") == {file.key for file in manifest.files} | {MANIFEST}
    assert not keys(lake) & {file.key for file in first.files}


def test_files_of_other_entities_days_and_people_are_left_alone(lake: Lake) -> None:
    others = {
        f"curated/ticketmaster/venues/{PARTITION}/{RUN}.venues.0000.parquet",
        f"curated/ticketmaster/venues/{PARTITION}/_manifest.json",
        f"curated/ticketmaster/events/{PARTITION}/notes.txt",
        "curated/ticketmaster/events/ingest_date=2026-11-19/ticketmaster_daily-2026-11-19.events.0000.parquet",
    }
    for key in others:
        lake.put(key, b"")
    land(lake, {"p0": page(map(event, range(5)))})
    curated(lake)
    assert others <= keys(lake)


@pytest.mark.parametrize("survivors", range(4))
def test_a_crash_anywhere_is_mended_by_the_next_attempt(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, survivors: int
) -> None:
    def dying(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    land(lake, {"p0": page([*map(event, range(30)), {"type": "event"}])})
    stale = f"curated/ticketmaster/markets/{PARTITION}/{RUN}.events.0007.parquet"
    lake.put(stale, b"left by an attempt with more parts")
    put, count = Lake.put_file, iter(range(100))
    with monkeypatch.context() as patched:
        if survivors < 3:
            patched.setattr(Lake, "put_file", lambda *of: put(*of) if next(count) < survivors else dying())
        else:
            patched.setattr(Lake, "delete", dying)
        with pytest.raises(KeyboardInterrupt):
            curated(lake)
    if survivors < 3:
        with pytest.raises(NotFound):
            CuratedManifest.read(lake, "ticketmaster", "events", DAY)
    manifest = curated(lake)
    assert keys(lake, "curated/") == {file.key for file in manifest.files} | {MANIFEST}
    assert len(rows(lake, manifest, "events")) == 30


def test_too_many_rejects_fail_every_time_and_keep_everything(lake: Lake) -> None:
    land(lake, {"p0": page([*map(event, range(5)), {"type": "event"}, {"type": "event"}])})
    for _ in range(2):
        with pytest.raises(TooManyRejects, match=r"2 of 7 records .* in s3://lake/quarantine/ticketmaster/events/"):
            curated(lake)
    manifest = CuratedManifest.read(lake, "ticketmaster", "events", DAY)
    assert manifest.quarantined_records == 2
    assert set(manifest.quarantine) <= keys(lake)


def test_raw_data_without_a_manifest_is_refused(lake: Lake) -> None:
    land(lake, {"p0": page([event(1)])}, finish=False)
    with pytest.raises(RawIsUnfinished, match="Run the extract"):
        curated(lake)
    assert keys(lake, "curated/") == set()


def test_raw_data_that_is_not_what_was_landed_is_refused(lake: Lake) -> None:
    land(lake, {"p0": page([event(1)]), "p1": page([event(2)])})
    key = f"raw/ticketmaster/events/{PARTITION}/run_id={RUN}/p1.json.gz"
    lake.put(key, gzip.compress(page([event(3)])))
    with pytest.raises(RawDataChanged, match=r"p1\.json\.gz changed after it was landed"):
        curated(lake)
    lake.delete([key])
    with pytest.raises(RawDataChanged, match=r"p1\.json\.gz is missing"):
        curated(lake)
    assert keys(lake, "curated/") == set()


def test_objects_that_the_manifest_does_not_list_do_not_count(lake: Lake) -> None:
    land(lake, {"p0": page([event(1)])})
    stray = f"raw/ticketmaster/events/{PARTITION}/run_id={RUN}/p9.json.gz"
    lake.put(stray, gzip.compress(page([event(9)])))
    assert curated(lake).raw_records == 1


def test_a_day_without_a_record_has_a_manifest_all_the_same(lake: Lake) -> None:
    land(lake, {})
    manifest = curated(lake)
    assert (manifest.raw_records, manifest.files) == (0, ())
    assert manifest.tables["events"] == 0
