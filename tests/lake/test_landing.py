"""Raw data is landed exactly as it came, once, and its manifests last; an interrupted run fetches no page again."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lake import layout
from lake.landing import RawDataChanged, RawIsFinished, RawLanding
from lake.layout import RunId
from lake.manifests import RawManifest
from lake.store import CorruptObject, Lake
from schemas.slices import SliceCounts

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
PREFIX = "raw/ticketmaster/events/ingest_date=2026-11-20/run_id=ticketmaster_daily-2026-11-20/"
ENTITIES = ("events", "venues")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def landing(lake: Lake, run: RunId = RUN) -> RawLanding:
    return RawLanding(lake, "ticketmaster", run, ENTITIES, now=lambda: NOON)


def requests_of(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that S3 receives from now on."""
    seen: list[str] = []
    lake.s3._client.meta.events.register("before-call.s3.*", lambda model, **_: seen.append(model.name))
    return seen


def test_the_bytes_are_kept_as_they_came(lake: Lake) -> None:
    body = b"\xff\x00 not JSON, not UTF-8 \xf0\x9f\x8e\xab"
    landing(lake).land("events/US/p0000.json.gz", body, records=None, request={"page": 0})
    assert gzip.decompress(lake.get(f"{PREFIX}US/p0000.json.gz")) == body
    assert landing(lake).read("events/US/p0000.json.gz") == body


def test_the_stored_object_depends_on_the_bytes_alone(lake: Lake) -> None:
    first_run, second_run = RUN, RunId("ticketmaster_daily", date(2026, 11, 21))
    for run in (first_run, second_run):
        landing(lake, run).land("events/a.json.gz", b"{}", records=0, request={})
    first, second = (lake.get(stored_object.key) for stored_object in lake.list("raw/"))
    assert first == second
    assert first[4:8] == bytes(4)  # gzip's time stamp


def test_manifests_hold_everything_landed_and_what_the_source_said(lake: Lake) -> None:
    land = landing(lake)
    land.land("events/US/p0001.json.gz", b"[1,2]", records=2, request={"page": 1})
    land.land("events/US/p0000.json.gz", b"[1,2,3]", records=3, request={"page": 0})
    land.land("events/broken.json.gz", b"<html>", records=None, request={})
    land.record_slice(SliceCounts("events", "US 2026-11-20", reported=7, fetched=5, note="two vanished"))
    land.finish({"countries": ["US"]}, requests=4)

    manifest = RawManifest.read(lake, "ticketmaster", "events", RUN)
    assert [raw.name for raw in manifest.objects] == [
        "events/US/p0000.json.gz",
        "events/US/p0001.json.gz",
        "events/broken.json.gz",
    ]
    assert manifest.objects[0].sha256 == hashlib.sha256(b"[1,2,3]").hexdigest()
    assert manifest.objects[0].request == {"page": 0}
    assert (manifest.records, manifest.reported, manifest.fetched, manifest.residual) == (6, 7, 5, 2)
    assert (manifest.requests, manifest.extra) == (4, {"countries": ["US"]})
    assert manifest.slices[0].note == "two vanished"
    assert RawManifest.read(lake, "ticketmaster", "venues", RUN).objects == ()


def test_the_counts_of_slices_keep_the_names_that_manifests_have_for_them(lake: Lake) -> None:
    land = landing(lake)
    land.record_slice(SliceCounts("events", "US 2026-11-20", reported=7, fetched=5, note="two vanished"))
    land.finish()
    key = layout.raw_manifest_key("ticketmaster", "events", RUN)
    content = lake.read_json(key)
    window = {"entity": "events", "name": "US 2026-11-20", "said": 7, "got": 5, "note": "two vanished"}
    assert content["windows"] == [{**window, "is_unknown": False, "residual": 2}]
    assert (content["said"], content["got"], content["residual"]) == (7, 5, 2)

    lake.write_json(key, {**content, "windows": [{"entity": "events", "name": "US 2026-11-20", "said": 7, "got": 5}]})
    [counts] = RawManifest.read(lake, "ticketmaster", "events", RUN).slices  # as manifests were before notes
    assert (counts.reported, counts.fetched, counts.residual) == (7, 5, 2)


def test_one_slice_of_unknown_residual_makes_that_of_the_whole_unknown(lake: Lake) -> None:
    land = landing(lake)
    land.record_slice(SliceCounts("events", "US 2026-11-20", reported=7, fetched=5))
    land.record_slice(
        SliceCounts("events", "US 2026-11-21", reported=10_000, fetched=10_000, note="capped", is_unknown=True)
    )
    land.finish()
    manifest = RawManifest.read(lake, "ticketmaster", "events", RUN)
    assert [counts.residual for counts in manifest.slices] == [2, None]
    assert manifest.residual is None


def test_the_manifest_is_the_last_object_put(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    puts: list[str] = []
    lake.s3._client.meta.events.register(
        "before-parameter-build.s3.PutObject", lambda params, **_: puts.append(params["Key"])
    )
    land = landing(lake)
    land.land("events/a.json.gz", b"{}", records=1, request={})
    land.land("venues/a.json.gz", b"{}", records=1, request={})
    assert not any("_manifest" in key for key in puts)
    land.finish({})
    assert [key.rpartition("/")[2] for key in puts] == ["a.json.gz", "a.json.gz", "_manifest.json", "_manifest.json"]


def test_an_interrupted_run_resumes_with_one_listing_per_entity(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    first = landing(lake)
    for page in range(30):
        first.land(f"events/p{page:04}.json.gz", f"[{page}]".encode(), records=1, request={"page": page})

    operations = requests_of(lake, monkeypatch)
    again = landing(lake)
    assert operations == ["ListObjectsV2"] * len(ENTITIES)
    assert again.read("events/p0030.json.gz") is None
    assert operations == ["ListObjectsV2"] * len(ENTITIES)  # what is not there costs nothing
    assert [again.read(f"events/p{page:04}.json.gz") for page in range(30)] == [f"[{p}]".encode() for p in range(30)]
    assert operations.count("GetObject") == 30
    assert "PutObject" not in operations


def test_the_manifest_of_a_resumed_run_equals_that_of_an_undisturbed_one(lake: Lake) -> None:
    def land(run: RunId, pages: range, land: RawLanding) -> None:
        for page in pages:
            request = {"page": page, "id": "K" * 400}
            land.land(f"events/p{page}.json.gz", f"[{page}]".encode(), records=page or None, request=request)

    def told(run: RunId) -> dict[str, Any]:
        manifest = RawManifest.read(lake, "ticketmaster", "events", run).as_dict()
        return {name: manifest[name] for name in ("objects", "digest", "records", "bytes")}

    undisturbed, killed = RUN, RunId("ticketmaster_daily", date(2026, 11, 21))
    straight = landing(lake, undisturbed)
    land(undisturbed, range(6), straight)
    straight.finish()

    land(killed, range(4), landing(lake, killed))
    resumed = landing(lake, killed)
    resumed.read("events/p0.json.gz")  # it need not read all that is there
    land(killed, range(4, 6), resumed)
    resumed.finish()
    assert told(killed) == told(undisturbed)


def test_the_same_bytes_again_are_fine_others_are_refused(lake: Lake) -> None:
    land = landing(lake)
    land.land("events/a.json.gz", b"one", records=1, request={})
    land.land("events/a.json.gz", b"one", records=1, request={})
    landing(lake).land("events/a.json.gz", b"one", records=1, request={})
    with pytest.raises(RawDataChanged, match=r"events/.*/a\.json\.gz has different content .* The first was kept"):
        landing(lake).land("events/a.json.gz", b"two", records=1, request={})
    assert landing(lake).read("events/a.json.gz") == b"one"


def test_finished_raw_data_is_never_added_to(lake: Lake) -> None:
    land = landing(lake)
    land.land("events/a.json.gz", b"one", records=1, request={})
    before = land.finish({"first": True})
    again = landing(lake)
    assert again.finished
    with pytest.raises(RawIsFinished, match="refetch"):
        again.land("events/b.json.gz", b"two", records=1, request={})
    assert again.finish({"first": False}) == before
    assert landing(lake, RunId(RUN.pipeline, RUN.business_date, 2)).finished is False


def test_of_two_writers_the_first_one_s_bytes_stand_and_a_retry_goes_on_with_them(lake: Lake) -> None:
    zombie, retry = landing(lake), landing(lake)  # a worker that was given up, and the attempt in its place
    zombie.land("events/a.json.gz", b"one", records=1, request={})
    with pytest.raises(RawDataChanged, match="The first was kept"):
        retry.land("events/a.json.gz", b"two", records=1, request={})

    again = landing(lake)
    assert again.read("events/a.json.gz") == b"one"
    again.land("events/b.json.gz", b"three", records=1, request={})
    manifests = again.finish()
    zombie.land("venues/late.json.gz", b"four", records=1, request={})

    assert zombie.finish() == manifests, "who finishes second changes nothing"
    assert RawManifest.read(lake, "ticketmaster", "venues", RUN).objects == ()
    assert [raw.name for raw in manifests["events"].objects] == ["events/a.json.gz", "events/b.json.gz"]


def test_finishing_resumes_when_only_some_manifests_were_written(lake: Lake) -> None:
    land = landing(lake)
    land.land("events/a.json.gz", b"one", records=1, request={})
    land.finish()
    lake.delete([f"{PREFIX.replace('events', 'venues')}_manifest.json"])
    again = landing(lake)
    assert not again.finished
    again.land("venues/a.json.gz", b"late", records=1, request={})
    again.finish()
    assert landing(lake).finished
    assert RawManifest.read(lake, "ticketmaster", "events", RUN).records == 1


def test_bytes_changed_behind_our_back_are_noticed(lake: Lake) -> None:
    key = f"{PREFIX}a.json.gz"
    landing(lake).land("events/a.json.gz", b"one", records=1, request={})
    metadata = lake.head(key).metadata
    lake.s3.put("lake", key, gzip.compress(b"other"), metadata=metadata)
    with pytest.raises(RawDataChanged, match="changed after it was landed"):
        landing(lake).read("events/a.json.gz")
    whole = gzip.compress(b"one")
    for damaged in (b"no gzip", whole[:-9], whole[:10] + b"\x07" + whole[11:], whole[:-8] + bytes(4) + whole[-4:]):
        lake.s3.put("lake", key, damaged, metadata=metadata)
        with pytest.raises(RawDataChanged, match="not the gzip"):
            landing(lake).read("events/a.json.gz")


def test_names_that_could_leave_the_prefix_are_refused(lake: Lake) -> None:
    for name in ("events/../venues/a", "events/a b", "events/ü", "events/"):
        with pytest.raises(ValueError, match="lake path"):
            landing(lake).land(name, b"", records=0, request={})
    with pytest.raises(ValueError, match="entity"):
        landing(lake).land("attractions/a.json.gz", b"", records=0, request={})
    assert list(lake.list("")) == []


def test_a_request_too_long_for_s3_is_shortened(lake: Lake) -> None:
    land = landing(lake)
    land.land("events/a.json.gz", b"", records=0, request={"id": ",".join(["K8vZ917abc"] * 500), "page": 3})
    request = land.finish()["events"].objects[0].request
    assert request["page"] == 3
    assert request["id"].startswith("K8vZ917abc,")
    assert "shortened" in request["id"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"version": 1}'])
def test_an_unreadable_manifest_says_what_to_do(lake: Lake, body: bytes) -> None:
    lake.put(f"{PREFIX}_manifest.json", body)
    with pytest.raises(CorruptObject, match="delete it and run"):
        RawManifest.read(lake, "ticketmaster", "events", RUN)


def test_a_manifest_that_was_edited_is_refused(lake: Lake) -> None:
    land = landing(lake)
    land.land("events/a.json.gz", b"one", records=1, request={})
    manifest = land.finish()["events"].as_dict()
    manifest["objects"] = []
    lake.put(f"{PREFIX}_manifest.json", json.dumps(manifest).encode())
    with pytest.raises(CorruptObject, match="digest"):
        RawManifest.read(lake, "ticketmaster", "events", RUN)
