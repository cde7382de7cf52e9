"""`./boxoffice replay` at the command line: its output, when it starts a run, and when it doesn't."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from aws_services import resources
from aws_services.s3 import S3
from infra.launcher import dag_run
from infra.launcher.app import app
from infra.launcher.commands import access
from infra.launcher.follow import DagRunOutcome
from lake.curate import curate
from lake.landing import RawLanding
from lake.layout import RunId
from lake.run_lock import RunLock
from lake.store import Lake
from schemas.ticketmaster import SOURCE
from tests.fixtures.mended_contract import MENDED
from tests.fixtures.warehouse import DirectRedshift

DAY = date(2026, 11, 20)
RUN = RunId("ticketmaster_daily", DAY)


class Stack:
    """A stack that is up, whose Airflow does what the DAG's validation does, and then loads."""

    def __init__(self, lake: Lake, redshift: DirectRedshift) -> None:
        self.lake, self.redshift = lake, redshift
        self.settings = SimpleNamespace(current_date=lambda: DAY)
        self.runs: list[tuple[str, date | None, dict[str, bool]]] = []
        self.state = "success"
        self.airflow = SimpleNamespace(run_state=lambda dag_id, run_id: self.state)

    def use_aws(self) -> None:
        """The environment is the local AWS's already."""

    def validate(self, *, anew: bool = False) -> None:
        for entity in SOURCE.entities:
            curate(self.lake, SOURCE.name, entity, RUN, rebuild=anew)

    def run_dag(self, stack: Any, dag_id: str, day: date | None, **flags: bool) -> DagRunOutcome:
        self.runs.append((dag_id, day, flags))
        self.validate(anew=flags["rebuild"])
        self.redshift.insert("ticketmaster.dim_market", [MARKET])
        return DagRunOutcome(self.state, 1.0)


MARKET = {"market_sk": 7, "market_id": "M7", "name": "Late", "first_seen_on": DAY, "last_seen_on": DAY}


@pytest.fixture
def stack(mocked_aws: None, redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A validated day with two rejected events: one has its id in a list, the other none."""
    s3 = S3()
    s3._client.create_bucket(Bucket=resources.LAKE_BUCKET)
    day_stack = Stack(Lake(s3, resources.LAKE_BUCKET), redshift)
    records = [{"id": f"E{number}", "type": "event", "name": "Show", "dates": {}} for number in range(60)]
    records += [{**records[0], "id": ["E100"]}, {"type": "event", "name": "no id"}]
    landing = RawLanding(day_stack.lake, SOURCE.name, RUN, SOURCE.entities)
    landing.land("events/p0.json.gz", json.dumps(records).encode(), records=len(records), request={})
    landing.finish()
    day_stack.validate()
    monkeypatch.setattr(access, "stack", lambda: day_stack)
    monkeypatch.setattr(access, "require_up", lambda stack: None)
    monkeypatch.setattr(dag_run, "run", day_stack.run_dag)
    monkeypatch.setattr("infra.launcher.replaying.warehouse", lambda stack: redshift)
    return day_stack


@pytest.fixture
def mended(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The contract was fixed since: an event's id may come in a list."""
    monkeypatch.setattr("schemas.ticketmaster.SOURCE", MENDED)
    return stack


def replay(*arguments: str, source: str = "ticketmaster") -> Result:
    return CliRunner().invoke(app, ["replay", source, "--date", "2026-11-20", *arguments])


def test_nothing_passes_and_nothing_runs(stack: Stack) -> None:
    done = replay()
    assert done.exit_code == 0, done.output
    assert "no record in the quarantine of 2026-11-20 passes now" in done.output
    assert "events: 1 still fail: string_type at $.id" in done.output
    assert stack.runs == []


def test_what_passes_is_loaded_once_and_the_gain_is_told(mended: Stack) -> None:
    done = replay()
    assert done.exit_code == 0, done.output
    assert mended.runs == [("ticketmaster_daily", DAY, {"rebuild": True})]
    assert "quarantined events: 2 before, 1 now" in done.output
    assert "rows gained: dim_market +1" in done.output
    again = replay()
    assert again.exit_code == 0, again.output
    assert "no record in the quarantine of 2026-11-20 passes now" in again.output
    assert "events: 1 still fail: missing at $.id" in again.output
    assert len(mended.runs) == 1


def test_a_dry_run_only_tells(mended: Stack) -> None:
    done = replay("--dry-run")
    assert done.exit_code == 0, done.output
    assert "still fail: missing at $.id" in done.output
    assert mended.runs == []


def test_a_run_that_fails_is_a_failure(mended: Stack) -> None:
    mended.state = "failed"
    assert replay().exit_code == 1


def test_a_run_in_progress_is_named(mended: Stack) -> None:
    mended.state = "running"
    RunLock(mended.lake, RUN.pipeline).acquire("manual__7", RUN, timedelta(hours=1))
    done = replay()
    assert done.exit_code == 1
    assert "is being run by manual__7" in done.stderr
    assert mended.runs == []


@pytest.mark.parametrize(("state", "hours_ago"), [("running", 48), ("failed", 0)], ids=["lease over", "run over"])
def test_a_run_that_is_over_is_no_hindrance(mended: Stack, state: str, hours_ago: int) -> None:
    mended.state, began = state, datetime.now(UTC) - timedelta(hours=hours_ago)
    RunLock(mended.lake, RUN.pipeline, now=lambda: began).acquire("manual__7", RUN, timedelta(hours=1))
    assert replay("--dry-run").exit_code == 0


@pytest.mark.parametrize(
    ("source", "day", "words"),
    [
        ("ticketmaster", "2026-11-19", "there is no finished raw data of ticketmaster of 2026-11-19"),
        ("nonesuch", "2026-11-20", "there is no source 'nonesuch'; there is: ticketmaster"),
    ],
)
def test_what_cannot_be_replayed_says_why(stack: Stack, source: str, day: str, words: str) -> None:
    done = replay("--date", day, source=source)
    assert done.exit_code == 1
    assert words in done.stderr


def test_an_empty_quarantine_says_so(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    second = RunId(RUN.pipeline, DAY, 2)
    RawLanding(stack.lake, SOURCE.name, second, SOURCE.entities).finish()
    for entity in SOURCE.entities:
        curate(stack.lake, SOURCE.name, entity, second)
    done = replay()
    assert done.exit_code == 0, done.output
    assert "no record of 2026-11-20 is in quarantine" in done.output
