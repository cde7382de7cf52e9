"""Raw data that exists is never fetched again, a refetch lands next to it, and a past day can't be observed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lake.landing import RawLanding
from lake.layout import RunId
from lake.observations import Observation, Observations
from lake.store import Lake
from runs.choosing import CannotObserveTheFuture, CannotObserveThePast, choose
from runs.outcomes import open_outcome

DAY = date(2026, 11, 20)
PIPELINE = "ticketmaster_daily"
ENTITIES = ("events", "venues")


def run(observation: int = 1, day: date = DAY) -> RunId:
    return RunId(PIPELINE, day, observation)


def land(lake: Lake, of: RunId, *, finish: bool = True) -> None:
    landing = RawLanding(lake, "ticketmaster", of, ENTITIES)
    landing.land("events/a.json.gz", b"[]", records=0, request={})
    if finish:
        landing.finish()


@pytest.fixture
def observations(lake: Lake) -> Observations:
    return Observations(lake, "ticketmaster", ENTITIES, PIPELINE)


def test_a_day_never_seen_begins_with_the_first_observation(observations: Observations) -> None:
    assert choose(observations, DAY, today=DAY, has_past=False) == Observation(run(), finished=False)
    assert observations.newest_finished(DAY) is None


def test_a_finished_day_is_left_alone(lake: Lake, observations: Observations) -> None:
    land(lake, run())
    assert choose(observations, DAY, today=DAY, has_past=False) == Observation(run(), finished=True)


def test_an_unfinished_day_is_resumed(lake: Lake, observations: Observations) -> None:
    land(lake, run(), finish=False)
    assert choose(observations, DAY, today=DAY, has_past=False) == Observation(run(), finished=False)


def test_a_refetch_lands_beside_and_the_newest_finished_is_used(lake: Lake, observations: Observations) -> None:
    land(lake, run())
    assert choose(observations, DAY, today=DAY, has_past=False, refetch=True).run == run(2)
    land(lake, run(2), finish=False)
    assert observations.newest_finished(DAY) == run(1)
    assert choose(observations, DAY, today=DAY, has_past=False).run == run(1)
    assert choose(observations, DAY, today=DAY, has_past=False, refetch=True).run == run(2)
    land(lake, run(2))
    assert observations.newest_finished(DAY) == run(2)
    assert choose(observations, DAY, today=DAY, has_past=False) == Observation(run(2), finished=True)


def test_repeating_the_dag_run_that_refetched_resumes_its_observation(lake: Lake, observations: Observations) -> None:
    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    land(lake, run())
    land(lake, run(2))
    open_outcome(lake, run(2), "manual-2", now)
    again = choose(observations, DAY, today=DAY, has_past=False, refetch=True, dag_run_id="manual-2")
    other = choose(observations, DAY, today=DAY, has_past=False, refetch=True, dag_run_id="manual-3")
    assert again == Observation(run(2), finished=True)
    assert other == Observation(run(3), finished=False)


def test_the_past_cannot_be_observed(lake: Lake, observations: Observations) -> None:
    with pytest.raises(CannotObserveThePast, match=r"cannot observe the past.*no raw data.*run 2026-11-21"):
        choose(observations, DAY, today=DAY + timedelta(days=1), has_past=False)
    land(lake, run())
    with pytest.raises(CannotObserveThePast, match="without refetch"):
        choose(observations, DAY, today=DAY + timedelta(days=1), has_past=False, refetch=True)


def test_a_past_day_with_raw_data_is_rebuilt_from_it(lake: Lake, observations: Observations) -> None:
    land(lake, run())
    chosen = choose(observations, DAY, today=DAY + timedelta(days=400), has_past=False)
    assert chosen == Observation(run(), finished=True)


def test_an_extract_begun_before_midnight_may_end_after_it_but_not_days_later(
    lake: Lake, observations: Observations
) -> None:
    land(lake, run(), finish=False)
    assert choose(observations, DAY, today=DAY + timedelta(days=1), has_past=False).run == run()
    with pytest.raises(CannotObserveThePast, match="unfinished"):
        choose(observations, DAY, today=DAY + timedelta(days=2), has_past=False)


def test_a_source_with_a_past_is_asked_for_it(observations: Observations) -> None:
    assert choose(observations, DAY, today=DAY + timedelta(days=9), has_past=True).run == run()


@pytest.mark.parametrize("has_past", [True, False])
def test_the_future_cannot_be_observed(observations: Observations, has_past: bool) -> None:
    with pytest.raises(CannotObserveTheFuture, match="cannot observe the future"):
        choose(observations, DAY + timedelta(days=1), today=DAY, has_past=has_past)
