"""A day of hostile, drifted and broken records through every step but the scheduler: raw, curated, star, and replayed.

Records are stored byte for byte and never executed. Drift is in etl.schema_drift. A rejected record becomes a row,
once, when the contract was fixed.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from aws_services import resources
from aws_services.glue_crawler import GlueCrawler
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from glue_jobs import glue_args, star_job
from glue_jobs.ticketmaster_star import JOB
from infra.launcher.replaying import Replaying
from infra.local_aws import LocalAws
from infra.stack.local_resources import provision
from lake import layout
from lake.curate import curate
from lake.landing import RawLanding
from lake.layout import RunId
from lake.replay import Replay, replay
from lake.report import TooManyRejects
from lake.store import Lake
from runs import loading
from runs.closing import close_run
from runs.context import RunContext
from runs.opening import open_run
from runs.validating import validate
from schemas.ticketmaster import SOURCE
from schemas.types import tidy
from tests.fixtures.bad_records import HOSTILE_NAMES, RECORDS
from tests.fixtures.mended_contract import MENDED
from tests.fixtures.task_context import Answers, task_context
from tests.fixtures.warehouse import empty
from warehouse.migrate import migrate

pytestmark = pytest.mark.service

PIPELINE = "ticketmaster_daily"
DAY = date(2025, 9, 8)
BEFORE = DAY - timedelta(days=1)
HOSTILE_ID = "'; DELETE FROM ticketmaster.fact_events; --"
BAD = ("id_null", "name_raw_nul", "name_not_utf8", "id_too_long", "deep_nesting", "number")
ODD = ("name_nul", "name_lone_surrogate", "name_100_kb", "name_nan", "name_object")
"""They stay, without their names."""


def event(number: str, name: Any, **more: Any) -> dict[str, Any]:
    venue = {"id": f"V{number}", "type": "venue", "name": name if isinstance(name, str) else None}
    attraction = {"id": f"A{number}", "type": "attraction", "name": venue["name"]}
    return {
        "id": f"E{number}",
        "type": "event",
        "name": name,
        "dates": {"start": {"localDate": "2025-09-20"}, "status": {"code": "onsale"}},
        "_embedded": {"venues": [venue], "attractions": [attraction]},
        **more,
    }


HOSTILE = {key: event(f"-{key}", name) for key, name in HOSTILE_NAMES.items()}
PLAIN = [event(str(number), f"Show {number}") for number in range(200)]
DRIFTED = [event("new", "New", moonPhase="full"), {**event("listed", "Listed"), "id": ["Elisted"]}, {"title": "no id"}]
OWN_WAY = {**event("odd", "Odd"), "id": HOSTILE_ID, '"; DROP TABLE x; --': 1}
LOADED = len(PLAIN) + len(HOSTILE) + 2 + len(ODD)
REJECTED = len(BAD) + 2
RECORD_NAMES = [record.name for record in RECORDS if record.name in BAD + ODD]


def _landed() -> bytes:
    bad = [record.make(json.dumps(event(record.name, "x"))) for record in RECORDS if record.name in BAD + ODD]
    texts = [json.dumps(record).encode() for record in (*PLAIN, *HOSTILE.values(), *DRIFTED, OWN_WAY)]
    return b'{"_embedded": {"events": [%s]}}' % b", ".join(texts + bad)


class Pipeline:
    """The pipeline's steps as the DAG calls them, without a scheduler; the Glue job in the tests' own Spark."""

    def __init__(self, spark: Any) -> None:
        self.lake, self.redshift, self._spark = Lake(S3(), resources.LAKE_BUCKET), RedshiftData(), spark
        self.stack: Any = SimpleNamespace(use_aws=lambda actor=None: None)  # the environment is the local AWS's already

    def land(self, day: date, body: bytes) -> None:
        landing = RawLanding(self.lake, SOURCE.name, RunId(PIPELINE, day), SOURCE.entities)
        landing.land("events/p0.json.gz", body, records=None, request={})
        landing.finish()

    def run(self, day: date, *, rebuild: bool = False) -> None:
        """Run a day to its end; a step that fails is raised after the run was closed."""
        answers = Answers()
        context = task_context(
            resources.TICKETMASTER,
            self.lake,
            self.redshift,
            dag_run_id="run",
            answers=answers,
            date=day.isoformat(),
            rebuild=rebuild,
        )
        run = open_run(context, has_past=False)
        assert run is not None
        try:
            self._work(context.of_run(run))
        except Exception:
            answers.failed = ["validate"]
            raise
        finally:
            close_run(context.of_run(run))

    def _work(self, context: RunContext) -> None:
        for entity in SOURCE.entities:
            validate(context, entity)
        GlueCrawler(resources.TICKETMASTER_CURATED_CRAWLER.name).run()
        self._spark.catalog.clearCache()  # a job of its own has a session of its own
        star_job.run(JOB, glue_args.parse(["--run_id", context.run["run_id"]]), self._spark)
        loading.audit(context)
        loading.publish(context)

    def replay(self, day: date = DAY) -> Replay:
        return replay(self.lake, SOURCE.name, PIPELINE, day)[0]

    def drift(self, day: date) -> list[dict[str, Any]]:
        return self.redshift.execute(
            "SELECT kind, field_path, occurrences, example_uri, example_index, entity FROM etl.schema_drift "
            "WHERE run_id = :run_id",
            {"run_id": str(RunId(PIPELINE, day))},
        )

    def column(self, sql: str) -> list[Any]:
        return [value for row in self.redshift.execute(sql) for value in row.values()]


@pytest.fixture(scope="module")
def pipeline(local_aws: LocalAws, spark: Any) -> Iterator[Pipeline]:
    """The day loaded once."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("AIRFLOW_HOME", home)  # Airflow writes there as soon as it is imported
        provision(local_aws.url)
        hadoop = spark.sparkContext._jsc.hadoopConfiguration()
        hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme")
        directory = local_aws.state_dir / "s3" / resources.LAKE_BUCKET
        hadoop.set(f"fs.viewfs.mounttable.{resources.LAKE_BUCKET}.linkFallback", f"file://{directory}/")
        pipeline = Pipeline(spark)
        migrate(pipeline.redshift)
        empty(pipeline.redshift)
        before = event("0", "Show 0", info="Doors at 7", priceRanges=[{"min": 10, "max": 20}])
        pipeline.land(BEFORE, json.dumps([before]).encode())
        curate(pipeline.lake, SOURCE.name, "events", RunId(PIPELINE, BEFORE))
        pipeline.land(DAY, _landed())
        pipeline.run(DAY)
        yield pipeline
        empty(pipeline.redshift)
        for prefix in ("raw/", "curated/", "quarantine/", "staging/", "state/"):
            pipeline.lake.s3.delete_prefix(pipeline.lake.bucket, prefix)


@pytest.mark.parametrize(
    ("table", "key", "prefix"),
    [("fact_events", "event_id", "E-"), ("dim_venue", "venue_id", "V-"), ("dim_attraction", "attraction_id", "A-")],
)
def test_hostile_text_reaches_readers_byte_for_byte_but_for_stray_blanks(
    pipeline: Pipeline, table: str, key: str, prefix: str
) -> None:
    rows = pipeline.redshift.execute(f"SELECT {key} AS id, name FROM ticketmaster.{table} WHERE {key} LIKE '{prefix}%'")
    assert {row["id"].removeprefix(prefix): row["name"] for row in rows} == {
        key: tidy(name) for key, name in HOSTILE_NAMES.items()
    }


def test_nothing_of_it_was_executed(pipeline: Pipeline) -> None:
    assert pipeline.column("SELECT COUNT(*) FROM ticketmaster.fact_events") == [LOADED]
    rows = pipeline.redshift.execute(
        "SELECT name FROM ticketmaster.fact_events WHERE event_id = :hostile", {"hostile": HOSTILE_ID}
    )
    assert [row["name"] for row in rows] == ["Odd"]


def test_what_cannot_be_stored_is_in_quarantine(pipeline: Pipeline) -> None:
    books = pipeline.redshift.execute("SELECT * FROM etl.run_tables WHERE layer = 'raw' AND table_name = 'events'")
    assert books[0]["quarantined_records"] == REJECTED == pipeline.replay().quarantined
    assert pipeline.replay().passing == 0


def test_the_drift_of_the_day_is_in_the_warehouse(pipeline: Pipeline) -> None:
    rows = pipeline.drift(DAY)
    uri = pipeline.lake.uri(layout.raw_key(SOURCE.name, RunId(PIPELINE, DAY), "events/p0.json.gz"))
    at = len(PLAIN) + len(HOSTILE)
    assert {(row["kind"], row["field_path"], row["occurrences"], row["example_index"]) for row in rows} == {
        ("new field", "$.moonPhase", 1, at),
        ("retyped", "$.id", 1, at + 1),
        ("missing", "$.id", 1, at + 2),
        ("null", "$.id", 1, at + 4 + RECORD_NAMES.index("id_null")),
        ("retyped", "$", 1, at + 4 + RECORD_NAMES.index("number")),
        ("retyped", "$.name", 2, at + 4 + RECORD_NAMES.index("name_nan")),
        ("discarded", "$.name", len(ODD), at + 4 + RECORD_NAMES.index("name_100_kb")),
        ("new field", "$.title", 1, at + 2),
        ("new field", '$["\\"; DROP TABLE x; --"]', 1, at + 3),
        ("gone", "events.info", LOADED, None),
        ("gone", "event_price_ranges", 0, None),
    }
    assert {(row["entity"], row["example_uri"]) for row in rows if row["kind"] != "gone"} == {("events", uri)}


def test_a_day_that_fails_by_its_rejects_tells_its_drift_and_can_be_replayed(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = DAY + timedelta(days=1)
    pipeline.land(after, json.dumps([{**event("", "x"), "id": [f"E{number}"]} for number in range(20)]).encode())
    with pytest.raises(TooManyRejects):
        pipeline.run(after)
    drift = {(row["kind"], row["field_path"], row["occurrences"]) for row in pipeline.drift(after)}
    assert ("retyped", "$.id", 20) in drift
    assert pipeline.column("SELECT status FROM etl.runs ORDER BY run_id") == ["succeeded", "failed"]
    monkeypatch.setattr("schemas.ticketmaster.SOURCE", MENDED)
    assert pipeline.replay(after).passing == 20


def test_after_the_contract_is_mended_what_passes_is_loaded_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = "SELECT event_id FROM ticketmaster.fact_events ORDER BY event_id"
    history = "SELECT event_id FROM ticketmaster.fact_event_snapshots ORDER BY event_id"
    before, replaying = pipeline.column(facts), Replaying(pipeline.stack, SOURCE.name, DAY)
    was = replaying.state()
    monkeypatch.setattr("schemas.ticketmaster.SOURCE", MENDED)
    assert [(entity.entity, entity.passing) for entity in replaying.look() if entity.quarantined] == [("events", 1)]
    pipeline.run(DAY, rebuild=True)
    now = replaying.state()
    assert (was.quarantined["events"], now.quarantined["events"]) == (REJECTED, REJECTED - 1)
    gained = {table: rows - was.rows[table] for table, rows in now.rows.items() if rows != was.rows[table]}
    assert gained == dict.fromkeys(
        ("fact_events", "fact_event_snapshots", "dim_venue", "dim_attraction", "bridge_event_attraction"), 1
    )
    assert pipeline.column(facts) == pipeline.column(history) == sorted([*before, "Elisted"])
    assert pipeline.column("SELECT name FROM ticketmaster.fact_events WHERE event_id = 'Elisted'") == ["Listed"]
    assert (pipeline.replay().passing, pipeline.replay().quarantined) == (0, REJECTED - 1)
    assert [row["occurrences"] for row in pipeline.drift(DAY) if row["field_path"] == "$.id"] == [1, 1]
