"""Unchanged data is neither landed nor validated again, and yet is the raw and curated data of its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aws_services.errors import NoSuchBucket, NotFound
from aws_services.s3 import S3
from lake import curate as curating
from lake import layout
from lake.curate import curate, is_curated_alike
from lake.landing import RawLanding
from lake.layout import RunId
from lake.manifests import CuratedManifest, RawManifest
from lake.observations import Observations
from lake.replay import replay
from lake.report import TooManyRejects
from lake.store import Lake
from schemas.tickit import SOURCE

LINE = "1|Mount Rushmore|Keystone|SD|0\n"
LANDED = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


def run_of(day: int, observation: int = 1) -> RunId:
    return RunId("tickit_load", date(2026, 11, day), observation)


def land(lake: Lake, run: RunId, text: str = LINE, *, same_as: RunId | None = None) -> RawManifest:
    landing = RawLanding(lake, "tickit", run, ["venues"], now=lambda: LANDED)
    earlier = RawManifest.read(lake, "tickit", "venues", same_as) if same_as else None
    if earlier is None:
        landing.land("venues/venue_pipe.txt-0-00000.gz", text.encode(), records=text.count("\n"), request={})
    return landing.finish(unchanged={"venues": earlier} if earlier else {})["venues"]


def curated(lake: Lake, run: RunId, *, rebuild: bool = False) -> CuratedManifest:
    return curate(lake, "tickit", "venues", run, rebuild=rebuild)


def never(*_: object, **__: object) -> None:
    raise AssertionError("validated again")


def test_the_manifest_of_an_unchanged_day_lists_what_was_landed_before(lake: Lake) -> None:
    first = land(lake, run_of(19))
    second = land(lake, run_of(20), same_as=run_of(19))
    third = land(lake, run_of(21), same_as=run_of(20))
    assert (third.objects, third.digest, third.records) == (first.objects, first.digest, 1)
    assert (second.same_as, third.same_as) == (str(run_of(19)), str(run_of(19)))
    assert RawManifest.read(lake, "tickit", "venues", run_of(21)) == third
    under = layout.raw_prefix("tickit", "venues", run_of(21))
    assert [stored_object.key for stored_object in lake.list(under)] == [
        layout.raw_manifest_key("tickit", "venues", run_of(21))
    ]


def test_what_was_curated_before_is_not_validated_again(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    land(lake, run_of(19))
    first = curated(lake, run_of(19))
    land(lake, run_of(20), same_as=run_of(19))
    monkeypatch.setattr(curating, "validate", never)
    second = curated(lake, run_of(20))
    assert second == curated(lake, run_of(20))
    assert (second.run, second.business_date) == (run_of(20), date(2026, 11, 20))
    assert (second.files, second.curated_records) == (first.files, 1)
    assert second.days_of("venues") == (date(2026, 11, 19),)


def test_equal_data_that_was_fetched_again_is_validated_as_the_days_own(lake: Lake) -> None:
    land(lake, run_of(19))
    curated(lake, run_of(19))
    land(lake, run_of(20))
    assert curated(lake, run_of(20)).days_of("venues") == (date(2026, 11, 20),)


def test_a_lake_that_is_not_there_is_an_error_and_not_a_day_without_data(lake: Lake) -> None:
    land(lake, run_of(19))
    with pytest.raises(NoSuchBucket):
        curated(Lake(lake.s3, "elsewhere"), run_of(19))
    land(lake, run_of(20), same_as=run_of(19))
    gone = _WithoutCurated(lake.s3._client)
    with pytest.raises(NoSuchBucket):
        is_curated_alike(Lake(S3(gone), "lake"), "tickit", "venues", run_of(20), run_of(19))


class _WithoutCurated:
    """S3 whose bucket is deleted once the raw data was read."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self._client, name)

        def call(**request: Any) -> Any:
            if str(request.get("Key", "")).startswith("curated/"):
                request["Bucket"] = "elsewhere"
            return operation(**request)

        return call


def test_a_second_look_on_the_same_day_uses_what_the_first_curated(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    land(lake, run_of(19), "2|Other|Here|NY|1\n")
    curated(lake, run_of(19))
    land(lake, run_of(20))
    first = curated(lake, run_of(20))
    land(lake, run_of(20, 2), same_as=run_of(20))
    monkeypatch.setattr(curating, "validate", never)
    second = curated(lake, run_of(20, 2))
    assert (second.run, second.files) == (run_of(20, 2), first.files)
    assert all(lake.exists(file.key) for file in second.files)


def test_a_rebuild_validates_what_the_earlier_run_landed(lake: Lake) -> None:
    land(lake, run_of(19))
    curated(lake, run_of(19))
    land(lake, run_of(20), same_as=run_of(19))
    rebuilt = curated(lake, run_of(20), rebuild=True)
    assert (rebuilt.curated_records, rebuilt.days_of("venues")) == (1, (date(2026, 11, 20),))


@pytest.mark.parametrize("spoilt", ["contract", "file"])
def test_what_cannot_be_used_any_more_is_validated_again(
    lake: Lake, spoilt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(lake, run_of(19))
    first = curated(lake, run_of(19))
    land(lake, run_of(20), same_as=run_of(19))
    if spoilt == "contract":
        monkeypatch.setattr(type(SOURCE), "contract_version", lambda *_: "mended")
    else:
        lake.delete([first.files[0].key])
    assert curated(lake, run_of(20)).days_of("venues") == (date(2026, 11, 20),)


def test_a_day_that_came_between_with_other_data_is_not_used(lake: Lake) -> None:
    land(lake, run_of(18))
    curated(lake, run_of(18))
    land(lake, run_of(20), same_as=run_of(18))
    land(lake, run_of(19), "2|Other|Here|NY|1\n")
    curated(lake, run_of(19))
    manifest = curated(lake, run_of(20))
    assert (manifest.days_of("venues"), manifest.curated_records) == ((date(2026, 11, 20),), 1)


def test_the_newest_before_is_of_the_same_day_first_and_finished(lake: Lake) -> None:
    seen = Observations(lake, "tickit", ["venues"], "tickit_load")
    assert seen.newest_before(run_of(20)) is None
    land(lake, run_of(17))
    land(lake, run_of(18))
    land(lake, run_of(20))
    land(lake, run_of(21))
    RawLanding(lake, "tickit", run_of(19), ["venues"]).land("venues/x.gz", b"", records=0, request={})
    assert seen.newest_before(run_of(20, 2)) == run_of(20)
    assert seen.newest_before(run_of(20)) == run_of(18)
    assert seen.newest_before(run_of(17)) is None


def test_runs_are_alike_only_with_equal_raw_data_and_todays_contract(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(lake, run_of(19))
    land(lake, run_of(20), same_as=run_of(19))
    land(lake, run_of(21), "2|Other|Here|NY|1\n")
    assert not is_curated_alike(lake, "tickit", "venues", run_of(20), run_of(19))  # never validated
    curated(lake, run_of(19))
    assert is_curated_alike(lake, "tickit", "venues", run_of(20), run_of(19))
    assert not is_curated_alike(lake, "tickit", "venues", run_of(21), run_of(19))
    monkeypatch.setattr(type(SOURCE), "contract_version", lambda *_: "mended")
    assert not is_curated_alike(lake, "tickit", "venues", run_of(20), run_of(19))


def test_the_refusal_to_write_a_manifest_twice_stands(lake: Lake) -> None:
    land(lake, run_of(19))
    first = land(lake, run_of(20), "2|Other|Here|NY|1\n")
    landing = RawLanding(lake, "tickit", run_of(20), ["venues"])
    earlier = RawManifest.read(lake, "tickit", "venues", run_of(19))
    assert landing.finish(unchanged={"venues": earlier})["venues"] == first
    with pytest.raises(NotFound):
        RawManifest.read(lake, "tickit", "venues", run_of(22))


@pytest.mark.parametrize("looked", [run_of(19, 2), run_of(21)], ids=["the same day", "a later day"])
def test_a_run_without_change_is_replayed_from_what_was_quarantined_before(lake: Lake, looked: RunId) -> None:
    first = RawLanding(lake, "tickit", run_of(19), SOURCE.entities)
    first.land("venues/venue_pipe.txt-0-00000.gz", f"{LINE}broken\n".encode(), records=2, request={})
    landed = first.finish()
    with pytest.raises(TooManyRejects):
        curated(lake, run_of(19))
    RawLanding(lake, "tickit", looked, SOURCE.entities).finish(unchanged=landed)
    [venues] = replay(lake, "tickit", "tickit_load", looked.business_date)
    assert (venues.entity, venues.quarantined, venues.passing) == ("venues", 1, 0)
    assert sum(venues.failing.values()) == 1
