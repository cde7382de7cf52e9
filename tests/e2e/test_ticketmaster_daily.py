"""The first pipeline, whole: through Airflow, on the local AWS, with the simulated Discovery API.

The tests of this file are days in one warehouse's life and run in order: each class asserts what a day left behind.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from pydantic import SecretStr

from aws_services import resources
from aws_services.secrets import SecretsManager
from infra.local_aws import LocalAws
from infra.simulators.discovery import DiscoverySimulator, Limits, Universe
from lake.layout import RunId
from lake.manifests import RawManifest
from tests.fixtures.leaks import files_with, processes_with
from tests.fixtures.stack import DagRun, Pipelines

pytestmark = pytest.mark.e2e

DAG = "ticketmaster_daily"
FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
CANARY = f"Canary{secrets.token_hex(12)}"
"""The API key of this file's runs, to be found nowhere but where secrets are kept."""


def _simulator(day: date, *, api_key: str = CANARY, per_day: int = 5000) -> DiscoverySimulator:
    now, limits = datetime(day.year, day.month, day.day, 2, tzinfo=UTC), Limits(per_second=None, per_day=per_day)
    return DiscoverySimulator(Universe(seed=7, events=300), api_key=api_key, limits=limits, now=now)


def _ids(pipelines: Pipelines, sql: str, **params: Any) -> set[str]:
    return {row["id"] for row in pipelines.redshift.execute(sql, params or None)}


@pytest.fixture(scope="module", autouse=True)
def _planted(pipelines: Pipelines) -> Iterator[None]:
    """The canary is the API key while the tests of this file run."""
    store, name = SecretsManager(), resources.TICKETMASTER_API_KEY_SECRET
    before = store.get(name)
    store.put(name, SecretStr(CANARY))
    yield
    store.put(name, before)


@pytest.fixture(scope="module")
def inbox(pipelines: Pipelines) -> Callable[[], list[dict[str, Any]]]:
    """A subscriber of the alert topic; calling it gives the pipelines' alerts that came since, and no alarm's."""
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="alerts-of-ticketmaster-daily")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    boto3.client("sns").subscribe(TopicArn=resources.ALERT_TOPIC_ARN, Protocol="sqs", Endpoint=arn)

    def received() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ())
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        alerts = [json.loads(message["Body"]) for message in messages]
        return [alert for alert in alerts if not alert["Subject"].startswith(("ALARM: ", "OK: "))]

    return received


@pytest.fixture(scope="module")
def refused_key(
    pipelines: Pipelines, second_day: DagRun, inbox: Callable[[], list[dict[str, Any]]]
) -> tuple[DagRun, list[dict[str, Any]]]:
    """A run with a key that the API does not accept, and the alerts about it."""
    inbox()
    with _simulator(THIRD, api_key="another-key") as simulator:
        return pipelines.run(DAG, simulator, THIRD), inbox()


@pytest.fixture(scope="module")
def used_up_quota(
    pipelines: Pipelines, refused_key: Any, inbox: Callable[[], list[dict[str, Any]]]
) -> tuple[DagRun, list[dict[str, Any]]]:
    """A run that is answered with 429 and the key in its body, and the alerts about it."""
    with _simulator(THIRD, per_day=0) as simulator:
        return pipelines.run(DAG, simulator, THIRD), inbox()


@pytest.fixture(scope="module")
def simulator() -> Any:
    with _simulator(FIRST) as running:
        yield running


@pytest.fixture(scope="module")
def first_day(pipelines: Pipelines, simulator: DiscoverySimulator) -> DagRun:
    return pipelines.run(DAG, simulator, FIRST)


@pytest.fixture(scope="module")
def first_day_again(pipelines: Pipelines, simulator: DiscoverySimulator, first_day: DagRun) -> tuple[DagRun, int]:
    before = len(simulator.requests)
    return pipelines.run(DAG, simulator, FIRST), len(simulator.requests) - before


@pytest.fixture(scope="module")
def second_day(pipelines: Pipelines, simulator: DiscoverySimulator, first_day_again: Any) -> DagRun:
    simulator.clock.set(datetime(2026, 3, 3, 2, tzinfo=UTC))
    return pipelines.run(DAG, simulator, SECOND)


class TestFirstDay:
    def test_every_event_that_the_source_has_is_in_the_fact(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, first_day: DagRun
    ) -> None:
        assert first_day.succeeded, first_day.output[-4000:]
        start = datetime(2026, 3, 2, tzinfo=UTC)
        expected = simulator.expected(("US", "CA"), start, start + timedelta(days=30)).events
        assert len(expected) > 200
        assert _ids(pipelines, "SELECT event_id AS id FROM ticketmaster.fact_events") == set(expected)

    def test_the_books_balance(self, pipelines: Pipelines, first_day: DagRun) -> None:
        rows = pipelines.redshift.execute("SELECT * FROM etl.run_tables WHERE layer = 'raw' ORDER BY table_name")
        assert [row["table_name"] for row in rows] == ["attractions", "classifications", "events", "venues"]
        for row in rows:
            accounted_records = row["curated_records"] + row["quarantined_records"] + row["duplicate_records"]
            assert row["raw_records"] == accounted_records
            assert row["said_records"] == row["got_records"] + row["residual_records"]
            assert row["residual_records"] == 0

    def test_nothing_fans_out_and_no_key_is_lost(self, pipelines: Pipelines, first_day: DagRun) -> None:
        facts = pipelines.one("SELECT COUNT(*) AS n FROM ticketmaster.fact_events")
        joined = pipelines.one(
            "SELECT COUNT(*) AS n FROM ticketmaster.fact_events AS f "
            "INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk "
            "INNER JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk = a.attraction_sk "
            "INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk = c.classification_sk "
            "INNER JOIN ticketmaster.dim_market AS m ON f.market_sk = m.market_sk "
            "INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key"
        )
        assert facts == joined

    def test_the_raw_layer_can_be_queried_as_received(self, pipelines: Pipelines, first_day: DagRun) -> None:
        from aws_services.glue_catalog import GlueCatalog
        from aws_services.resources import curated_database, raw_database

        raw = {table.name for table in GlueCatalog().tables(raw_database("ticketmaster"))}
        run = RunId(DAG, FIRST)
        for entity in ("events", "venues", "attractions", "classifications"):
            landed = RawManifest.read(pipelines.lake, "ticketmaster", entity, run).objects
            assert (f"raw_{entity}" in raw) == bool(landed), entity
        assert "raw_events" in raw
        curated = {table.name for table in GlueCatalog().tables(curated_database("ticketmaster"))}
        assert {"events", "venues", "attractions", "event_venues", "event_classifications"} <= curated

    def test_the_products_show_the_coming_month(self, pipelines: Pipelines, first_day: DagRun) -> None:
        for view in (
            "mv_events_by_date_venue",
            "mv_events_by_attraction",
            "mv_monthly_summary",
            "mv_venue_activity",
            "mv_events_by_hour_weekday",
            "mv_events_by_day",
            "mv_upcoming_shows",
        ):
            assert pipelines.one(f"SELECT COUNT(*) AS n FROM ticketmaster.{view}") > 0, view

    def test_a_show_counts_once_however_often_it_is_listed(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, first_day: DagRun
    ) -> None:
        start = datetime(2026, 3, 2, tzinfo=UTC)
        expected = simulator.expected(("US", "CA"), start, start + timedelta(days=30))
        standing = _ids(pipelines, "SELECT event_id AS id FROM ticketmaster.v_events WHERE is_show")
        shown = {expected.listings[event_id] for event_id in standing}
        assert len(shown) == len(standing) < 0.95 * len(expected.events)
        # Two shows of one act in one hall on one day look like one when the time of one is not known.
        assert len(expected.shows - shown) <= 1
        by_day = "SELECT SUM(events) + SUM(cancelled_events) AS n FROM ticketmaster.mv_events_by_date_venue"
        assert pipelines.one(by_day) == len(standing)
        undated = pipelines.one("SELECT COUNT(*) AS n FROM ticketmaster.v_events WHERE is_show AND start_date IS NULL")
        assert pipelines.one("SELECT SUM(shows) AS n FROM ticketmaster.event_summary") == len(standing) - undated

    def test_the_run_is_in_the_ledger(self, pipelines: Pipelines, first_day: DagRun) -> None:
        (run,) = pipelines.redshift.execute("SELECT * FROM etl.runs WHERE business_date = CAST('2026-03-02' AS DATE)")
        assert (run["run_id"], run["status"]) == ("ticketmaster_daily-2026-03-02", "succeeded")
        assert run["quality_score"] >= 90
        assert pipelines.one("SELECT COUNT(*) AS n FROM etl.etl_log WHERE status <> 'succeeded'") == 0

    def test_nothing_is_left_over(self, pipelines: Pipelines, first_day: DagRun) -> None:
        from warehouse.stars import star_of

        for table in star_of(DAG).staged:
            assert pipelines.one(f"SELECT COUNT(*) AS n FROM staging.{table}") == 0, table


class TestTheSameDayAgain:
    def test_it_asks_and_changes_nothing(self, pipelines: Pipelines, first_day_again: tuple[DagRun, int]) -> None:
        run, requests = first_day_again
        assert run.succeeded, run.output[-4000:]
        assert requests == 0
        assert pipelines.one("SELECT COUNT(*) AS n FROM etl.runs") == 1


class TestSecondDay:
    def test_history_grows_and_nothing_doubles(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, second_day: DagRun
    ) -> None:
        assert second_day.succeeded, second_day.output[-4000:]
        assert pipelines.one("SELECT COUNT(*) - COUNT(DISTINCT event_id) AS n FROM ticketmaster.fact_events") == 0
        days = pipelines.redshift.execute(
            "SELECT observed_on, COUNT(*) AS events FROM ticketmaster.fact_event_snapshots GROUP BY observed_on "
            "ORDER BY observed_on"
        )
        assert [day["observed_on"] for day in days] == [FIRST, SECOND]
        start = datetime(2026, 3, 3, tzinfo=UTC)
        expected = simulator.expected(("US", "CA"), start, start + timedelta(days=30)).events
        seen = _ids(pipelines, "SELECT event_id AS id FROM ticketmaster.fact_events WHERE last_seen_on = '2026-03-03'")
        shown_before = _ids(
            pipelines,
            "SELECT event_id AS id FROM ticketmaster.fact_event_snapshots "
            "WHERE observed_on = '2026-03-02' AND (start_date IS NULL OR start_date > '2026-03-03')",
        )
        wide = timedelta(days=600)
        anywhere = simulator.expected(("US", "CA"), start - wide, start + wide).events
        assert seen == set(expected) | (shown_before & anywhere), "what moved out of the window is asked for by its id"
        withdrawn = _ids(pipelines, "SELECT event_id AS id FROM ticketmaster.v_events WHERE is_withdrawn")
        assert withdrawn == shown_before - anywhere

    def test_one_current_version_of_each_venue(self, pipelines: Pipelines, second_day: DagRun) -> None:
        assert (
            pipelines.one(
                "SELECT COUNT(*) AS n FROM (SELECT venue_id FROM ticketmaster.dim_venue WHERE is_current "
                "GROUP BY venue_id HAVING COUNT(*) > 1) AS twice"
            )
            == 0
        )


class TestTheSameDayObservedOnceMore:
    def test_it_replaces_the_day_and_doubles_nothing(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, second_day: DagRun
    ) -> None:
        count = "SELECT COUNT(*) AS n FROM ticketmaster.fact_event_snapshots"
        before, requests = pipelines.one(count), len(simulator.requests)
        run = pipelines.run(DAG, simulator, SECOND, refetch=True)
        assert run.succeeded, run.output[-4000:]
        assert len(simulator.requests) > requests
        assert pipelines.one(count) == before
        (books,) = pipelines.redshift.execute(
            "SELECT * FROM etl.run_tables WHERE run_id = 'ticketmaster_daily-2026-03-03-2' "
            "AND table_name = 'fact_event_snapshots'"
        )
        assert books["staged_rows"] == books["unchanged_rows"] > 200


class TestAFinishedDayRebuilt:
    def test_the_same_raw_data_gives_the_same_star_without_asking_the_source(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, first_day_again: Any
    ) -> None:
        facts = "SELECT * FROM ticketmaster.fact_events ORDER BY event_id"
        before, requests = list(pipelines.redshift.execute(facts)), len(simulator.requests)
        run = pipelines.run(DAG, simulator, date(2026, 3, 3), date=FIRST.isoformat(), rebuild=True)
        assert run.succeeded, run.output[-4000:]
        assert len(simulator.requests) == requests
        assert list(pipelines.redshift.execute(facts)) == before


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("day", "words"),
        [("2026-02-01", "cannot observe the past"), ("2026-03-09", "cannot observe the future")],
    )
    def test_a_day_that_cannot_be_observed(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, second_day: DagRun, day: str, words: str
    ) -> None:
        run = pipelines.run(DAG, simulator, SECOND, date=day)
        assert not run.succeeded
        assert words in run.output

    def test_a_key_that_the_api_does_not_accept(
        self, pipelines: Pipelines, simulator: DiscoverySimulator, refused_key: tuple[DagRun, list[dict[str, Any]]]
    ) -> None:
        run, alerts = refused_key
        assert not run.succeeded
        assert "InvalidApiKey" in run.output
        assert _ids(pipelines, "SELECT DISTINCT run_id AS id FROM ticketmaster.fact_events") <= {
            str(RunId(DAG, FIRST)),
            str(RunId(DAG, SECOND)),
            str(RunId(DAG, SECOND, 2)),
        }
        (ledger,) = pipelines.redshift.execute(
            "SELECT * FROM etl.runs WHERE business_date = CAST('2026-03-04' AS DATE)"
        )
        assert (ledger["status"], ledger["failed_task"]) == ("failed", "extract")
        [alert] = alerts
        assert alert["Subject"] == "Boxoffice: ticketmaster_daily of 2026-03-04 failed in extract: InvalidApiKey"
        for words in ("does not accept the API key", "TICKETMASTER_API_KEY", "task extract", "readers keep"):
            assert words in alert["Message"]
        assert "./boxoffice trigger ticketmaster_daily --date 2026-03-04 --wait" in alert["Message"]

    def test_a_quota_that_is_used_up(self, used_up_quota: tuple[DagRun, list[dict[str, Any]]]) -> None:
        run, [alert] = used_up_quota
        assert not run.succeeded
        assert alert["Subject"].endswith("failed in extract: QuotaExceeded")
        assert "Run the same date again when the quota is renewed" in alert["Message"]


class TestTheKey:
    """Planted as the API key, shown by the API itself in a refusal, and found nowhere."""

    def test_it_is_in_no_file_but_the_secret_store(
        self, pipelines: Pipelines, local_aws: LocalAws, first_day: DagRun, used_up_quota: Any
    ) -> None:
        kept = local_aws.state_dir / "secrets.json"
        assert CANARY in kept.read_text()
        assert kept.stat().st_mode & 0o777 == 0o600
        assert files_with(CANARY, local_aws.state_dir, spared={kept}) == []  # lake, artifacts, warehouse, job logs
        assert files_with(CANARY, Path(pipelines.environment["AIRFLOW_HOME"])) == []  # XComs, task logs, DAGs

    def test_it_is_in_nothing_that_was_said(
        self, first_day: DagRun, second_day: DagRun, refused_key: Any, used_up_quota: Any
    ) -> None:
        for run in (first_day, second_day, refused_key[0], used_up_quota[0]):
            assert CANARY not in run.output
        assert CANARY not in json.dumps([*refused_key[1], *used_up_quota[1]])
        assert processes_with(CANARY) == []
