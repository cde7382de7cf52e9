"""Triggers start jobs and crawlers: on demand, by the clock, and one after the other."""

import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.exceptions import JsonRESTError
from moto.glue.models import FakeTrigger, GlueBackend, glue_backends
from moto.glue.utils import Action, Predicate

from infra.local_aws.glue.triggers import Triggers
from infra.local_aws.tests.conftest import Client, eventually
from infra.local_aws.tests.glue.crawler import Crawler
from infra.local_aws.tests.glue.test_jobs import FINAL, Job


def unique(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex[:12]}"


def create(glue: Any, kind: str, actions: list[dict[str, Any]], **more: Any) -> str:
    return str(glue.create_trigger(Name=unique("trigger"), Type=kind, Actions=actions, **more)["Name"])


def after(entry: dict[str, str], state: str, logical: str = "AND") -> dict[str, Any]:
    name = "State" if "JobName" in entry else "CrawlState"
    return {"Logical": logical, "Conditions": [{"LogicalOperator": "EQUALS", **entry, name: state}]}


def runs(job: Job) -> list[dict[str, Any]]:
    return list(job.glue.get_job_runs(JobName=job.name)["JobRuns"])


def ended(job: Job) -> dict[str, Any]:
    return dict(eventually(lambda: (job_runs := runs(job)) and job_runs[0]["JobRunState"] in FINAL and job_runs[0]))


def test_a_chain_of_triggers_runs_a_job_then_a_crawler_then_a_job(client: Client) -> None:
    first = Job(client).script("import sys; print(sys.argv)")
    last = Job(client).script("print('last')")
    crawler = Crawler(client, "t/")
    crawler.put_parquet("t/a.parquet", id=[1])
    glue = first.glue
    job_action = {"JobName": first.name, "Arguments": {"--day": "2026-11-30"}, "Timeout": 7}
    start = create(glue, "ON_DEMAND", [job_action])
    predicate = after({"JobName": first.name}, "SUCCEEDED")
    then = create(glue, "CONDITIONAL", [{"CrawlerName": crawler.name}], Predicate=predicate, StartOnCreation=True)
    predicate = {"Conditions": [{"CrawlerName": crawler.name, "CrawlState": "SUCCEEDED"}]}  # the rest is Glue's default
    finally_ = create(glue, "CONDITIONAL", [{"JobName": last.name}], Predicate=predicate, StartOnCreation=True)

    glue.start_trigger(Name=start)

    run = ended(last)
    assert (run["JobRunState"], run["TriggerName"]) == ("SUCCEEDED", finally_)
    assert crawler.tables() == ["t"]
    [run] = runs(first)
    assert (run["TriggerName"], run["Arguments"], run["Timeout"]) == (start, {"--day": "2026-11-30"}, 7)
    assert glue.get_trigger(Name=start)["Trigger"]["State"] == "CREATED"
    assert glue.get_trigger(Name=then)["Trigger"]["State"] == "ACTIVATED"
    for name in (start, then, finally_):
        glue.delete_trigger(Name=name)


def test_a_run_that_no_trigger_started_is_not_watched(client: Client) -> None:
    job, follower, watched = (Job(client).script("pass") for _ in range(3))
    glue = job.glue
    for source in (job, watched):
        predicate = after({"JobName": source.name}, "SUCCEEDED")
        create(glue, "CONDITIONAL", [{"JobName": follower.name}], Predicate=predicate, StartOnCreation=True)
    assert job.run()["JobRunState"] == "SUCCEEDED"
    glue.start_trigger(Name=create(glue, "ON_DEMAND", [{"JobName": watched.name}]))
    assert ended(follower)["JobRunState"] == "SUCCEEDED"
    assert len(runs(follower)) == 1, "by the job that a trigger started, and not by the other"


def test_errors_are_glues(client: Client) -> None:
    job = Job(client).script("import time; time.sleep(60)")
    glue = job.glue
    name = create(glue, "ON_DEMAND", [{"JobName": job.name}])
    glue.start_trigger(Name=name)
    with pytest.raises(ClientError, match="ConcurrentRunsExceededException"):
        glue.start_trigger(Name=name)
    [run] = runs(job)
    glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run["Id"]])
    assert ended(job)["JobRunState"] == "STOPPED"
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_trigger(Name=name, Type="ON_DEMAND", Actions=[{"JobName": job.name}])
    for call in (glue.start_trigger, glue.stop_trigger, glue.get_trigger):
        with pytest.raises(ClientError, match="EntityNotFoundException"):
            call(Name="no-such-trigger")
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.stop_trigger(Name=name)
    glue.delete_job(JobName=job.name)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.start_trigger(Name=name)


@pytest.mark.parametrize(
    ("trigger", "reason"),
    [
        ({"Type": "EVENT"}, "EVENT"),
        ({"Type": "ON_DEMAND", "WorkflowName": "w"}, "workflows"),
        ({"Type": "ON_DEMAND", "StartOnCreation": True}, "StartOnCreation"),
        ({"Type": "ON_DEMAND", "Schedule": "cron(0 1 * * ? *)"}, "Schedule"),
        ({"Type": "SCHEDULED"}, "Schedule"),
        ({"Type": "SCHEDULED", "Schedule": "cron(* * * * ? *)"}, "more often"),
        ({"Type": "CONDITIONAL"}, "Predicate"),
        ({"Type": "ON_DEMAND", "Actions": [{"JobName": "no-such-job"}]}, "EntityNotFoundException.*no-such-job"),
        ({"Type": "ON_DEMAND", "Actions": []}, "at least one action"),
        ({"Type": "ON_DEMAND", "Actions": [{"JobName": "j", "CrawlerName": "c"}]}, "Exactly one of JobName"),
        ({"Type": "CONDITIONAL", "Predicate": {"Conditions": [{"JobName": "no-such-job"}]}}, "no-such-job"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(glue: Any, job_name: str, trigger: dict[str, Any], reason: str) -> None:
    with pytest.raises(ClientError, match=reason):
        glue.create_trigger(**{"Name": unique("refused"), "Actions": [{"JobName": job_name}], **trigger})


@pytest.fixture(scope="module")
def job_name(client: Client) -> str:
    return Job(client).name


def test_a_trigger_is_updated_stopped_and_listed(glue: Any, job_name: str) -> None:
    name = create(glue, "SCHEDULED", [{"JobName": job_name}], Schedule="cron(0 1 * * ? *)", Description="nightly")
    assert glue.get_trigger(Name=name)["Trigger"]["State"] == "CREATED"
    glue.start_trigger(Name=name)
    changed = glue.update_trigger(Name=name, TriggerUpdate={"Schedule": "cron(0 2 * * ? *)"})["Trigger"]
    assert (changed["Schedule"], changed["Description"], changed["State"]) == (
        "cron(0 2 * * ? *)",
        "nightly",
        "ACTIVATED",
    )
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.update_trigger(Name=name, TriggerUpdate={"Schedule": "cron(never)"})
    glue.stop_trigger(Name=name)
    [trigger] = glue.batch_get_triggers(TriggerNames=[name, "gone"])["Triggers"]
    assert trigger["State"] == "DEACTIVATED"
    assert name in glue.list_triggers(DependentJobName=job_name)["TriggerNames"]
    glue.delete_trigger(Name=name)


class World:
    """A Glue whose jobs only count their runs, and a clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 0, 59, 30, tzinfo=UTC)
        self.backend: GlueBackend = glue_backends["210987654321"]["eu-west-1"]
        self.started: list[str] = []
        self.backend.jobs = {name: self._job(name) for name in ("a", "b", "c")}
        self.backend.triggers.clear()
        self.triggers = Triggers(lambda: None, lambda: self.now)

    def _job(self, name: str) -> Any:
        def start(trigger: str, **_: Any) -> None:
            if name == "b":
                raise JsonRESTError("ConcurrentRunsExceededException", "b is running")
            self.started.append(f"{trigger} -> {name}")

        return SimpleNamespace(start_job_run=start, get_name=lambda: name)

    def add(self, name: str, kind: str, *jobs: str, schedule: str = "", predicate: Any = None) -> FakeTrigger:
        actions = [Action({"JobName": job}) for job in jobs]
        watched = Predicate(predicate) if predicate else None
        self.backend.create_trigger(name, "", kind, schedule, watched, actions, "", kind != "ON_DEMAND", {}, {})
        return self.backend.triggers[name]

    def pass_minutes(self, minutes: int) -> None:
        for _ in range(minutes):
            self.now += timedelta(minutes=1)
            self.triggers.tick()


@pytest.fixture
def world() -> World:
    return World()


def test_a_schedule_fires_once_in_its_minute_while_it_is_activated(world: World) -> None:
    trigger = world.add("nightly", "SCHEDULED", "a", schedule="cron(0 1 * * ? *)")
    world.triggers.tick()
    assert world.started == []
    world.pass_minutes(1)
    world.triggers.tick()
    assert world.started == ["nightly -> a"]
    world.pass_minutes(24 * 60)
    assert len(world.started) == 2
    trigger.state = "DEACTIVATED"
    world.pass_minutes(24 * 60)
    assert len(world.started) == 2


def test_what_cannot_start_keeps_nothing_else_from_starting(world: World) -> None:
    with pytest.raises(JsonRESTError, match="b is running"):
        world.triggers.fire(world.add("all", "ON_DEMAND", "b", "a", "c"))
    assert world.started == ["all -> a", "all -> c"]


def conditions(logical: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    entries = [{"LogicalOperator": "EQUALS", "JobName": job, "State": state} for job, state in pairs]
    return {"Logical": logical, "Conditions": entries}


def test_all_conditions_must_have_come_true_since_it_last_fired(world: World) -> None:
    world.add("both", "CONDITIONAL", "c", predicate=conditions("AND", ("a", "SUCCEEDED"), ("b", "FAILED")))
    for job, state, fired in (
        ("a", "SUCCEEDED", 0),
        ("b", "SUCCEEDED", 0),
        ("b", "FAILED", 1),
        ("b", "FAILED", 1),
        ("a", "SUCCEEDED", 2),
        ("a", "SUCCEEDED", 2),
        ("a", "FAILED", 2),
        ("b", "FAILED", 2),
    ):
        world.triggers.ended(world.backend, "JobName", job, state)
        assert len(world.started) == fired, (job, state)


def test_any_condition_is_enough(world: World) -> None:
    world.add("either", "CONDITIONAL", "c", predicate=conditions("ANY", ("a", "TIMEOUT"), ("b", "STOPPED")))
    for job, state in (("a", "SUCCEEDED"), ("b", "STOPPED"), ("a", "TIMEOUT"), ("c", "STOPPED")):
        world.triggers.ended(world.backend, "JobName", job, state)
    assert len(world.started) == 2


def test_a_deactivated_trigger_does_not_watch(world: World) -> None:
    trigger = world.add("off", "CONDITIONAL", "c", predicate=conditions("AND", ("a", "SUCCEEDED")))
    trigger.state = "DEACTIVATED"
    world.triggers.ended(world.backend, "JobName", "a", "SUCCEEDED")
    assert world.started == []
